import { type DriftSubject, describeDrift } from '@baton/testkit';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { EXECUTABLE, createPlace, toTestEnvironment } from './__fixtures__/open-opencode.ts';
import { systemClock } from '../agent/system-clock.ts';
import { startServer } from './server.ts';
import { BOUNDS } from './settings.ts';
import {
  agentsSchema,
  commandsSchema,
  eventSchema,
  healthSchema,
  isNoise,
  mcpSchema,
  messagesSchema,
  partSchema,
  permissionSchema,
  providersSchema,
  questionRequestSchema,
  sessionSchema,
  statusSchema,
} from './wire.ts';

/** What is asked of OpenCode: the answers that are read, and where `sends` stands, the fields that go with the question. */
const ASKED: readonly { call: string; answer?: z.ZodType; sends?: readonly string[] }[] = [
  { call: 'GET /global/health', answer: healthSchema },
  { call: 'POST /session', answer: sessionSchema, sends: [] },
  { call: 'GET /session/{sessionID}', answer: sessionSchema },
  { call: 'POST /session/{sessionID}/fork', answer: sessionSchema, sends: ['messageID'] },
  { call: 'GET /session/{sessionID}/message', answer: messagesSchema },
  { call: 'GET /session/{sessionID}/message/{messageID}' },
  { call: 'DELETE /session/{sessionID}/message/{messageID}' },
  { call: 'POST /session/{sessionID}/prompt_async', sends: ['messageID', 'model', 'agent', 'variant', 'parts'] },
  { call: 'POST /session/{sessionID}/command', sends: ['messageID', 'model', 'agent', 'command', 'arguments'] },
  { call: 'POST /session/{sessionID}/summarize', sends: ['providerID', 'modelID'] },
  { call: 'POST /session/{sessionID}/abort' },
  { call: 'GET /session/status', answer: z.record(z.string(), statusSchema) },
  { call: 'GET /permission', answer: z.array(permissionSchema) },
  { call: 'POST /permission/{requestID}/reply', sends: ['reply', 'message'] },
  { call: 'GET /question', answer: z.array(questionRequestSchema) },
  { call: 'POST /question/{requestID}/reply', sends: ['answers'] },
  { call: 'POST /question/{requestID}/reject' },
  { call: 'GET /agent', answer: agentsSchema },
  { call: 'GET /config/providers', answer: providersSchema },
  { call: 'GET /command', answer: commandsSchema },
  { call: 'GET /mcp', answer: mcpSchema },
  { call: 'GET /experimental/tool/ids', answer: z.array(z.string()) },
  { call: 'POST /instance/dispose' },
];

const contentSchema = z.object({ 'application/json': z.object({ schema: z.unknown() }).optional() }).optional();
const operationSchema = z.object({
  requestBody: z.object({ content: contentSchema }).optional(),
  responses: z.record(z.string(), z.object({ content: contentSchema })),
});
const documentSchema = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });
type Document = z.infer<typeof documentSchema>;

async function readPublished(): Promise<Document> {
  const place = await createPlace();
  const env = toTestEnvironment(place.home, 'http://127.0.0.1:9/v1');
  const settings = {
    ...{ executable: EXECUTABLE, env, serverMarker: `test-drift-${process.pid}` },
    ...{ clock: systemClock, bounds: BOUNDS },
  };
  try {
    const server = await startServer(settings, env);
    try {
      return await server.api.read('/doc', documentSchema, { timeoutMs: 60_000 });
    } finally {
      await server.stop();
    }
  } finally {
    await place.remove();
  }
}

const toReader = (schema: z.ZodType) => {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return { schema: root, root };
};

function toOperation({ paths }: Document, call: string) {
  const [method = '', path = ''] = call.split(' ');
  return operationSchema.safeParse(paths[path]?.[method.toLowerCase()]).data;
}

function toSubjects(root: Document): DriftSubject[] {
  return ASKED.flatMap(({ call, answer, sends = [] }) => {
    const operation = toOperation(root, call);
    const subject = (title: string, reader: z.ZodType, content: z.infer<typeof contentSchema>) => {
      const schema = content?.['application/json']?.schema ?? false;
      return { title, reader: toReader(reader), writer: { schema, root } };
    };
    const sent = z.object(Object.fromEntries(sends.map((name) => [name, z.unknown().optional()])));
    return [
      ...(answer === undefined ? [] : [subject(call, answer, operation?.responses['200']?.content)]),
      ...(sends.length === 0 ? [] : [subject(`${call}, what is sent`, sent, operation?.requestBody?.content)]),
    ];
  });
}

test('what is read of OpenCode is what OpenCode publishes', async () => {
  const root = await readPublished();
  const missing = ASKED.filter(({ call }) => toOperation(root, call) === undefined).map(({ call }) => call);
  expect(missing).toEqual([]);
  const payload = { $ref: '#/components/schemas/GlobalEvent/properties/payload' };
  const drift = describeDrift([
    {
      ...{ title: 'Events', kind: 'type', isSilent: isNoise },
      ...{ reader: toReader(eventSchema), writer: { schema: payload, root } },
    },
    {
      ...{ title: 'Parts', kind: 'type' },
      ...{ reader: toReader(partSchema), writer: { schema: { $ref: '#/components/schemas/Part' }, root } },
    },
    ...toSubjects(root),
  ]);
  await expect(drift).toMatchFileSnapshot('__snapshots__/published.md');
});
