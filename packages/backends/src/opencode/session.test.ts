import type { AgentReport, OpenOptions } from '@baton/core';
import { AppError, createId, sessionIdSchema } from '@baton/protocol';
import { createManualClock } from '@baton/testkit';
import { describe, expect, test } from 'vitest';
import { say } from './__fixtures__/play.ts';
import type { OpencodeApi } from './api.ts';
import type { OpencodeServer } from './server.ts';
import { OpencodeSession } from './session.ts';
import { BOUNDS } from './settings.ts';

const ANSWERS: Readonly<Record<string, unknown>> = {
  '/session': { id: 'ses_1' },
  '/agent': [],
  '/config/providers': { providers: [], default: {} },
  '/command': [],
  '/experimental/tool/ids': [],
  '/mcp': {},
  '/session/status': {},
  '/session/ses_1/message': [],
  '/permission': [],
  '/question': [],
};

type Hear = (event: unknown) => Promise<void>;

/** As OpenCode tells that a turn was aborted. */
async function end(hear: Hear): Promise<void> {
  await hear(say.error('MessageAbortedError', { message: 'Aborted' }));
  await hear(say.idle());
}

interface Oddities {
  /** What is told while a turn is being aborted. */
  onAbort?: (hear: Hear) => Promise<void>;
  /** Not answered before it is let go. */
  holds?: string;
  refuses?: string;
  /** Connections that break at these, once each. */
  breaks?: string[];
}

/** A session on a server that notes what it is asked. */
function open({ holds, refuses, breaks = [], onAbort = end, ...more }: Partial<OpenOptions> & Oddities = {}) {
  const clock = createManualClock();
  const asked: string[] = [];
  const reports: AgentReport[] = [];
  const held = Promise.withResolvers<void>();
  let hear: Hear = async () => undefined;
  async function answer(path: string): Promise<unknown> {
    asked.push(path);
    if (path === holds) await held.promise;
    if (breaks.includes(path)) {
      breaks.splice(breaks.indexOf(path), 1);
      throw new AppError('agent-unresponsive', 'The connection broke', {}, { cause: new Error('ECONNRESET') });
    }
    if (path === '/session/ses_1/abort') await onAbort(hear);
    if (path === refuses) throw new AppError('invalid-input', 'No');
    return ANSWERS[path];
  }
  const api: OpencodeApi = {
    read: async (path, schema) => schema.parse(await answer(path)),
    send: async (path) => void (await answer(path)),
    openEvents: () => Promise.reject(new Error('Nobody listens')),
  };
  const server: OpencodeServer = {
    ...{ pid: 1, version: '1', url: '', api, hasExited: false },
    listen(ears) {
      hear = async (payload) => ears.onEvent({ directory: '/', payload });
      return () => undefined;
    },
    stop: async () => undefined,
  };
  const release = async ({ unbegun }: { unbegun: string | undefined }) =>
    void asked.push(unbegun === undefined ? 'released' : `released but ${unbegun}`);
  const options: OpenOptions = {
    ...{ sessionId: sessionIdSchema.parse(createId('session')), cwd: '/', env: {} },
    async *history() {},
    report: (report) => void reports.push(report),
    ...more,
  };
  const settings = {
    ...{ executable: undefined, env: {}, serverMarker: 'test', clock, bounds: BOUNDS },
  };
  const pool = { acquire: async () => ({ server, release }), close: async () => undefined };
  const session = new OpencodeSession(options, settings, pool);
  session.start();
  const prompt = (text: string) => session.prompt({ turnId: createId('turn'), input: [{ type: 'text', text }] });
  const isReady = () => reports.some(({ type }) => type === 'agent.ready');
  const tell = (event: unknown) => hear(event);
  return { session, asked, reports, prompt, isReady, clock, tell, letGo: () => held.resolve() };
}

const PROMPT = '/session/ses_1/prompt_async';

test('a prompt that waits for the start goes before what is only to be shown', async () => {
  const { session, asked, prompt, isReady } = open();
  await prompt('hello');
  await expect.poll(isReady).toBe(true);
  expect(asked.slice(0, 3)).toEqual(['/session', PROMPT, '/agent']);
  await session.stop();
});

test.each([
  { why: 'it may be a command', text: '/compact', mode: undefined, failure: 'Cannot summarise' },
  { why: 'its mode may not be offered', text: 'hello', mode: 'build', failure: 'build' },
])('a prompt waits for what is offered where $why', async ({ text, mode, failure }) => {
  const { session, asked, prompt } = open({ mode });
  await expect(prompt(text)).rejects.toThrow(failure);
  expect(asked).toContain('/agent');
  expect(asked).not.toContain(PROMPT);
  await session.stop();
});

test('what is offered is asked for although the prompt was refused, or interrupted before it went', async () => {
  const refused = open({ refuses: PROMPT });
  await expect(refused.prompt('hello')).rejects.toThrow('No');
  await expect.poll(refused.isReady).toBe(true);
  await refused.session.stop();
  const interrupted = open({ holds: '/session' });
  const sent = interrupted.prompt('hello');
  await expect.poll(() => interrupted.asked).toEqual(['/session']);
  await interrupted.session.interrupt();
  interrupted.letGo();
  await sent;
  await expect.poll(interrupted.isReady).toBe(true);
  expect(interrupted.asked).not.toContain(PROMPT);
  await interrupted.session.stop();
});

test('a connection that breaks while it is asked what it offers ends nothing', async () => {
  const { session, prompt, isReady, reports } = open({ breaks: ['/agent', '/command', '/config/providers'] });
  await prompt('hello');
  await expect.poll(isReady).toBe(true);
  expect(reports.map(({ type }) => type)).not.toContain('agent.exited');
  await session.stop();
});

// Its next request would boot the folder again, with language and MCP servers that nobody needs any more.
test.each([
  { how: 'is stopped', refuses: undefined },
  { how: 'cannot be opened', refuses: '/session' },
])('a session that $how while a prompt waits asks nothing after it has given its server back', async ({ refuses }) => {
  const { session, asked, prompt, letGo, reports } = open({ holds: '/session', ...(refuses && { refuses }) });
  const sent = prompt('hello');
  // It is let go only below.
  sent.catch(() => undefined);
  await expect.poll(() => asked).toEqual(['/session']);
  if (refuses === undefined) await session.stop();
  letGo();
  await expect(sent).rejects.toBeInstanceOf(AppError);
  await expect.poll(() => reports.at(-1)?.type).toBe('agent.exited');
  await session.stop();
  expect(asked).toEqual(['/session', 'released']);
});

describe('stopped before OpenCode has begun with a prompt', () => {
  const silent = async (): Promise<void> => undefined;
  const ABORT = '/session/ses_1/abort';
  const aborts = (asked: readonly string[]) => asked.filter((path) => path === ABORT).length;

  test('waits until it has, and ends it then', async () => {
    const { session, asked, reports, prompt, tell } = open({ onAbort: silent });
    await prompt('hello');
    const stopping = session.stop();
    await expect.poll(() => aborts(asked)).toBe(1);
    expect(asked).not.toContain('released');
    await tell(say.user('msg_zzz'));
    await tell(say.busy());
    await stopping;
    expect(aborts(asked)).toBeGreaterThan(1);
    expect(asked.at(-1)).toBe('released');
    expect(reports.at(-1)).toMatchObject({ type: 'agent.exited', expected: true });
  });

  test('gives a server back that must not be kept, where it does not begin in time', async () => {
    const { session, asked, prompt, clock } = open({ onAbort: silent });
    await prompt('hello');
    const stopping = session.stop();
    await expect.poll(() => aborts(asked)).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(BOUNDS.beginMs);
    await stopping;
    expect(asked.at(-1)).toBe('released but ses_1');
  });
});
