import { createRequire } from 'node:module';
import { type DriftSubject, describeDrift } from '@baton/testkit';
import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  cancelRequestSchema,
  configResultSchema,
  elicitationSchema,
  initializedSchema,
  listResultSchema,
  listedSchema,
  permissionSchema,
  promptResultSchema,
  sessionResultSchema,
  updateSchema,
} from './wire.ts';

const load = createRequire(import.meta.url);

/** What agents may send, by its name in the published schema. */
const READ: readonly { name: string; schema: z.ZodType; kind?: string }[] = [
  { name: 'InitializeResponse', schema: initializedSchema },
  { name: 'NewSessionResponse', schema: sessionResultSchema },
  { name: 'ListSessionsResponse', schema: listResultSchema },
  { name: 'SessionInfo', schema: listedSchema },
  { name: 'SetSessionConfigOptionResponse', schema: configResultSchema },
  { name: 'PromptResponse', schema: promptResultSchema },
  { name: 'SessionUpdate', schema: updateSchema, kind: 'sessionUpdate' },
  { name: 'RequestPermissionRequest', schema: permissionSchema },
  { name: 'CreateElicitationRequest', schema: elicitationSchema },
  { name: 'CancelRequestNotification', schema: cancelRequestSchema },
];

function toSubjects(root: { $defs: Record<string, unknown> }): DriftSubject[] {
  return READ.filter(({ name }) => name in root.$defs).map(({ name, schema, kind }) => {
    const reader = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
    return {
      title: name,
      reader: { schema: reader, root: reader },
      writer: { schema: { $ref: `#/$defs/${name}` }, root },
      ...(kind === undefined ? {} : { kind }),
    };
  });
}

const rootSchema = z.object({ $defs: z.record(z.string(), z.unknown()) });

test.each([
  ['published', 'schema.json'],
  ['draft', 'schema.unstable.json'],
])('what is read of an agent is what the protocol has: %s', async (name, file) => {
  const root = rootSchema.parse(load(`@agentclientprotocol/sdk/schema/v1/${file}`));
  const missing = READ.filter((read) => !(read.name in root.$defs)).map((read) => read.name);
  expect(missing).toEqual([]);
  await expect(describeDrift(toSubjects(root))).toMatchFileSnapshot(`__snapshots__/${name}.md`);
});
