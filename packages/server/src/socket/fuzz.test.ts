import { commandFrameSchema, commandSchema, upFrameSchema } from '@baton/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { garbage, garbageObject } from '../../test/garbage.ts';
import { type LiveClient, openLive } from '../../test/live-client.ts';
import { startTestServer, type TestServer } from '../../test/test-server.ts';
import { readJson } from '../http/json-body.ts';

const RUNS = 60;
const FRAMES = upFrameSchema.options.map((schema) => ({
  type: [...schema.shape.type.values][0] ?? '',
  fields: Object.keys(schema.shape),
}));
const COMMANDS = commandSchema.options.map((schema) => ({
  type: [...schema.shape.type.values][0] ?? '',
  fields: Object.keys(schema.shape),
}));

async function readEverything({ store }: TestServer): Promise<string> {
  const sessions = await store.listSessions({ limit: 500 });
  const events = await store.readEvents('ses_fuzz' as never, { after: 0, limit: 5000 });
  return JSON.stringify({ sessions, events });
}

async function startFuzz(): Promise<{ server: TestServer; live: LiveClient; before: string }> {
  const server = await startTestServer({ limits: { framesPerSecond: 100_000 } });
  const made = { cwd: server.folder, backend: 'scripted', id: 'ses_fuzz' };
  expect((await server.ask('/api/v1/sessions', { method: 'POST', body: made })).status).toBe(201);
  await expect.poll(async () => (await server.engine.readView('ses_fuzz' as never))?.state).toBe('idle');
  const live = await openLive(server.port);
  return { server, live, before: await readEverything(server) };
}

const namedCommandSchema = commandFrameSchema.pick({ type: true, id: true });

function expectedAnswer(text: string): 'receipt' | 'error' {
  try {
    return namedCommandSchema.safeParse(readJson(text, 'the frame')).success ? 'receipt' : 'error';
  } catch {
    return 'error';
  }
}

// Answers come in order: when the pong is here, the refusal before it must be too.
async function expectError(live: LiveClient, text: string): Promise<void> {
  const from = live.frames.length;
  const pong = live.untilNext('pong');
  live.sendText(text);
  live.send({ type: 'ping' });
  await pong;
  const answers = live.frames.slice(from);
  const types = answers.map((frame) => frame.type);
  expect([text.slice(0, 300), ...types]).toEqual([text.slice(0, 300), expectedAnswer(text), 'pong']);
  expect(answers[0]).toMatchObject({ error: { kind: 'invalid-input' } });
}

async function expectRefused(frames: fc.Arbitrary<unknown>): Promise<void> {
  const { server, live, before } = await startFuzz();
  await fc.assert(
    fc.asyncProperty(frames, async (frame) => {
      if (upFrameSchema.safeParse(frame).success) return;
      await expectError(live, JSON.stringify(frame) ?? 'undefined');
    }),
    { numRuns: RUNS },
  );
  expect(await readEverything(server)).toBe(before);
}

describe('a live socket answers garbage with an error and changes nothing', () => {
  it.each(FRAMES)('in a frame of type $type', async ({ type, fields }) => {
    await expectRefused(garbageObject(fields).map((frame) => ({ ...frame, type })));
  });

  it.each(COMMANDS)('in a command of type $type', async ({ type, fields }) => {
    const aim = fc.constantFrom({}, { sessionId: 'ses_fuzz' });
    const command = fc.tuple(garbageObject(fields), aim).map(([body, at]) => ({ ...body, ...at, type }));
    await expectRefused(command.map((body) => ({ type: 'command', id: 'cmd_fuzz', command: body })));
  });

  it('in any JSON', async () => {
    await expectRefused(garbage);
  });

  it('in any text', async () => {
    const { server, live, before } = await startFuzz();
    const cut = fc.constantFrom(
      '{"type":"ping"',
      '{"type":"ping"}{}',
      '{"type":"ping"}\n{"type":"ping"}',
      '\ufeff{}',
      '[',
      '"',
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(cut, fc.string({ unit: 'binary' })), (text) => expectError(live, text)),
      { numRuns: RUNS },
    );
    expect(await readEverything(server)).toBe(before);
  });
});
