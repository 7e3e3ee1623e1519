import type { AgentReport, OpenOptions } from '@baton/core';
import { AppError, createId, sessionIdSchema } from '@baton/protocol';
import { createManualClock } from '@baton/testkit';
import { expect, test } from 'vitest';
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
};

interface Oddities {
  /** Not answered before it is let go. */
  holds?: string;
  refuses?: string;
  /** Connections that break at these, once each. */
  breaks?: string[];
}

/** A session on a server that notes what it is asked. */
function open({ holds, refuses, breaks = [], ...more }: Partial<OpenOptions> & Oddities = {}) {
  const asked: string[] = [];
  const reports: AgentReport[] = [];
  const held = Promise.withResolvers<void>();
  async function answer(path: string): Promise<unknown> {
    asked.push(path);
    if (path === holds) await held.promise;
    if (breaks.includes(path)) {
      breaks.splice(breaks.indexOf(path), 1);
      throw new AppError('agent-unresponsive', 'The connection broke', {}, { cause: new Error('ECONNRESET') });
    }
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
    listen: () => () => undefined,
    stop: async () => undefined,
  };
  const release = async () => void asked.push('released');
  const options: OpenOptions = {
    ...{ sessionId: sessionIdSchema.parse(createId('session')), cwd: '/', env: {} },
    async *history() {},
    report: (report) => void reports.push(report),
    ...more,
  };
  const settings = {
    ...{ executable: undefined, env: {}, serverMarker: 'test', clock: createManualClock(), bounds: BOUNDS },
  };
  const pool = { acquire: async () => ({ server, release }), close: async () => undefined };
  const session = new OpencodeSession(options, settings, pool);
  session.start();
  const prompt = (text: string) => session.prompt({ turnId: createId('turn'), input: [{ type: 'text', text }] });
  const isReady = () => reports.some(({ type }) => type === 'agent.ready');
  return { session, asked, reports, prompt, isReady, letGo: () => held.resolve() };
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
