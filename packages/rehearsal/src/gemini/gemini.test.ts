import { afterEach, describe, expect, test } from 'vitest';
import { parseJson } from '@baton/protocol';
import { z } from 'zod';
import { parseScenario, startRehearsal, type Rehearsal } from '../index.ts';
import { toSample } from './to-sample.ts';

let rehearsal: Rehearsal;
afterEach(() => rehearsal?.close());

const partSchema = z.looseObject({
  text: z.string().optional(),
  thought: z.boolean().optional(),
  functionCall: z.looseObject({ id: z.string(), name: z.string(), args: z.looseObject({}) }).optional(),
});
const responseSchema = z.looseObject({
  candidates: z
    .array(
      z.looseObject({
        content: z.object({ role: z.string(), parts: z.array(partSchema) }),
        finishReason: z.string().optional(),
      }),
    )
    .default([]),
  usageMetadata: z.looseObject({}).optional(),
  error: z.looseObject({ code: z.number(), status: z.string(), message: z.string() }).optional(),
});

const SHELL = {
  name: 'run_shell_command',
  parametersJsonSchema: {
    type: 'object',
    properties: { command: { type: 'string' }, description: { type: 'string' } },
  },
};
const user = (...parts: unknown[]) => ({ role: 'user', parts });
const hello = [user({ text: 'Hi' })];

async function start(steps: string): Promise<void> {
  const text = `title: Test\nturns:\n  - steps:\n${steps.replace(/^/gm, '      ')}`;
  rehearsal = await startRehearsal({ scenario: parseScenario(text) });
}

function ask(body: Record<string, unknown>, operation = 'streamGenerateContent?alt=sse', signal?: AbortSignal) {
  return fetch(`${rehearsal.url}/v1beta/models/gemini-test:${operation}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': rehearsal.apiKey },
    body: JSON.stringify({ tools: [{ functionDeclarations: [SHELL] }], ...body }),
    ...(signal === undefined ? {} : { signal }),
  });
}

async function stream(contents: unknown[]) {
  const response = await ask({ contents });
  const events = (await response.text()).split('\r\n\r\n').filter((event) => event !== '');
  const chunks = events.map((event) => {
    const parsed = parseJson(event.replace(/^data: /, ''));
    return responseSchema.parse(parsed.ok ? parsed.value : { broken: true });
  });
  return { chunks, parts: chunks.flatMap(({ candidates }) => candidates.flatMap(({ content }) => content.parts)) };
}

const read = async (response: Response) => ({
  status: response.status,
  body: responseSchema.parse(await response.json()),
});

test('streams a thought, text and a call, then why it ended and what it cost', async () => {
  await start(
    '- think: Let me see.\n- say: I will look.\n- usage: { input: 7, output: 9, cacheRead: 3 }\n- call: { tool: run, input: { command: ls } }\n- say: Done.',
  );
  const { chunks, parts } = await stream(hello);
  expect(parts).toMatchObject([
    { thought: true, text: '**A scripted thought**\nLet me see.' },
    { text: 'I ' },
    { text: 'will ' },
    { text: 'look.' },
    { functionCall: { name: 'run_shell_command', args: { command: 'ls' } }, thoughtSignature: expect.any(String) },
  ]);
  expect(chunks.at(-1)).toMatchObject({
    candidates: [{ finishReason: 'STOP' }],
    usageMetadata: { promptTokenCount: 60, candidatesTokenCount: 9, cachedContentTokenCount: 3 },
  });
});

test('gives the same whole to a client that does not stream', async () => {
  await start('- say: { text: "na ", repeat: 3 }\n- stop: max_tokens');
  const { body } = await read(await ask({ contents: hello }, 'generateContent'));
  expect(body.candidates).toMatchObject([{ content: { parts: [{ text: 'na na na ' }] }, finishReason: 'MAX_TOKENS' }]);
});

test('goes on after the response to a call, and knows an error', async () => {
  await start(
    '- call: { tool: run, input: { command: ls } }\n- expect: { error: false, otherwise: ["No: {{result}}"] }\n- say: "It said {{result}}."',
  );
  const { parts } = await stream(hello);
  const called = { role: 'model', parts };
  const responses = (response: unknown) =>
    user(...parts.map((part) => ({ functionResponse: { ...part.functionCall, response } })));
  const fine = await stream([...hello, called, responses({ output: 'a.txt' })]);
  expect(fine.parts.map(({ text }) => text).join('')).toBe('It said a.txt.');
  const denied = await stream([...hello, called, responses({ error: 'cancelled' })]);
  expect(denied.parts.map(({ text }) => text).join('')).toBe('No: cancelled');
  expect((await read(await ask({ contents: [...hello, called, user({ text: 'And?' })] }))).body.error).toMatchObject({
    status: 'INVALID_ARGUMENT',
    message: expect.stringContaining('function response parts'),
  });
});

test('takes no prompt from what the CLI tells of the machine, but the folder', async () => {
  await start('- say: "{{prompt}} in {{cwd}}, {{imageCount}} image"');
  const context =
    '<session_context>\nThis is the Gemini CLI.\n- **Workspace Directories:**\n  - /home/ada/project\n</session_context>';
  const image = { inlineData: { mimeType: 'image/png', data: 'aGVsbG8=' } };
  const { parts } = await stream([user({ text: context }, { text: 'Look' }, image)]);
  expect(parts.map(({ text }) => text).join('')).toBe('Look in /home/ada/project, 1 image');
  expect(rehearsal.requests()[0]).toMatchObject({ api: 'gemini', kind: 'main', images: 1, hasCredentials: true });
  expect(JSON.stringify(rehearsal.requests())).not.toContain(rehearsal.apiKey);
});

test('answers what must have a form beside the script', async () => {
  await start('- say: never');
  const responseJsonSchema = {
    type: 'object',
    properties: { next_speaker: { type: 'string', enum: ['user', 'model'] }, complexity_score: { type: 'integer' } },
  };
  const { body } = await read(
    await ask(
      { contents: hello, tools: [], generationConfig: { responseMimeType: 'application/json', responseJsonSchema } },
      'generateContent',
    ),
  );
  expect(body.candidates[0]?.content.parts[0]?.text).toBe('{"next_speaker":"user","complexity_score":1}');
  expect(rehearsal.requests()[0]).toMatchObject({ kind: 'side' });
});

describe('faults', () => {
  test.each([
    [401, 401, 'UNAUTHENTICATED'],
    [429, 429, 'RESOURCE_EXHAUSTED'],
    [529, 503, 'UNAVAILABLE'],
  ])('a scripted %d', async (scripted, status, word) => {
    await start(`- error: { status: ${scripted}, message: No, retryAfter: 3 }`);
    const response = await ask({ contents: hello });
    expect(response.headers.get('retry-after')).toBe('3');
    expect(await read(response)).toMatchObject({
      status,
      body: { error: { code: status, status: word, message: 'No', details: [{ retryDelay: '3s' }] } },
    });
  });

  test('an error in the middle of the stream, an unknown event, a broken one', async () => {
    await start(
      '- say: "Before "\n- malformed: unknown-event\n- say: after.\n- error: { status: 500, message: Broken }',
    );
    const { chunks, parts } = await stream(hello);
    expect(parts.map(({ text }) => text).join('')).toBe('Before after.');
    expect(chunks.at(-1)).toMatchObject({ error: { code: 500, status: 'INTERNAL' } });
  });

  test('silence until the client gives up', async () => {
    await start('- hang: before-headers');
    const gone = new AbortController();
    const work = ask({ contents: hello }, 'streamGenerateContent', gone.signal).catch((cause: unknown) => cause);
    await expect.poll(() => rehearsal.requests().length).toBe(1);
    gone.abort();
    expect(await work).toBeInstanceOf(Error);
  });
});

test('counts tokens, lists models, refuses nonsense', async () => {
  await start('- say: hi');
  const counted = await ask({ contents: hello }, 'countTokens');
  expect(await counted.json()).toMatchObject({ totalTokens: expect.any(Number) });
  const models = await fetch(`${rehearsal.url}/v1beta/models`);
  expect(await models.json()).toMatchObject({
    models: expect.arrayContaining([expect.objectContaining({ name: 'models/gemini-2.5-pro' })]),
  });
  expect((await read(await ask({ contents: 'nonsense' }))).status).toBe(400);
});

test('samples of schemas fit them', () => {
  expect(
    toSample({
      type: 'OBJECT',
      properties: { a: { type: 'ARRAY' }, b: { type: 'number', minimum: 2 }, c: { anyOf: [{ const: 'x' }] } },
    }),
  ).toEqual({
    a: [],
    b: 2,
    c: 'x',
  });
  expect(toSample({ type: 'boolean' })).toBe(false);
  expect(toSample('odd')).toBe(null);
});
