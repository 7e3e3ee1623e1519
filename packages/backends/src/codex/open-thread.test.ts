import { sessionIdSchema } from '@baton/protocol';
import { expect, test } from 'vitest';
import { openThread, type ThreadChoice } from './open-thread.ts';

interface Asked {
  method: string;
  params: unknown;
}

/** A Codex whose settings are read when the test lets them be. */
function createServer(config: Promise<unknown>) {
  const asked: Asked[] = [];
  const request = (method: string, params: unknown): Promise<unknown> => {
    asked.push({ method, params });
    if (method !== 'thread/start') return Promise.resolve({});
    const id = `thread ${asked.filter((each) => each.method === method).length}`;
    const thread = { thread: { id }, model: 'gpt-5.5', approvalPolicy: 'on-request', sandbox: { type: 'readOnly' } };
    return Promise.resolve(thread);
  };
  return { asked, request, readConfig: () => config };
}

function toChoice(server: ThreadChoice['server'], options: Partial<ThreadChoice['options']> = {}): ThreadChoice {
  return {
    server,
    canSandbox: true,
    hasProvider: false,
    hasStance: false,
    serverMarker: 'test',
    trust: Promise.resolve({ projects: {} }),
    options: {
      sessionId: sessionIdSchema.parse('ses_00000000000000000000000001'),
      cwd: '/',
      history: async function* () {},
      ...options,
    },
  };
}

const OPEN_SETTINGS = { config: {} };
const methods = ({ asked }: { asked: readonly Asked[] }): string[] => asked.map(({ method }) => method);

test('a conversation is begun while the settings are read', async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const server = createServer(promise);
  const opening = openThread(toChoice(server));
  await expect.poll(() => methods(server)).toEqual(['thread/start']);
  resolve(OPEN_SETTINGS);
  expect(await opening).toMatchObject({ threadId: 'thread 1', mode: 'ask' });
  expect(methods(server)).toEqual(['thread/start']);
});

test('settings from elsewhere that say how far it may go are kept to, and what was begun is put away', async () => {
  const server = createServer(Promise.resolve({ config: { approval_policy: 'never', sandbox_mode: 'read-only' } }));
  expect(await openThread(toChoice(server))).toMatchObject({ threadId: 'thread 2' });
  expect(methods(server)).toEqual(['thread/start', 'thread/unsubscribe', 'thread/start']);
  expect(server.asked[1]?.params).toEqual({ threadId: 'thread 1' });
  expect(server.asked[2]?.params).not.toHaveProperty('approvalPolicy');
});

test('where the user has said how far it may go, the settings are read first', async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const server = createServer(promise);
  const opening = openThread({ ...toChoice(server), hasStance: true });
  resolve({ config: { approval_policy: 'never' } });
  await opening;
  expect(methods(server)).toEqual(['thread/start']);
  expect(server.asked[0]?.params).not.toHaveProperty('approvalPolicy');
});

test('settings that cannot be read are the reason, also for a session with a mode of its own', async () => {
  const server = createServer(Promise.reject(new Error('Invalid configuration')));
  await expect(openThread(toChoice(server, { mode: 'ask' }))).rejects.toThrow('Invalid configuration');
  await expect.poll(() => methods(server)).toEqual(['thread/start', 'thread/unsubscribe']);
});

test('an earlier conversation is opened once, when the settings are known', async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const server = createServer(promise);
  const opening = openThread(toChoice(server, { nativeId: 'thread 0' }));
  opening.catch(() => undefined);
  expect(methods(server)).toEqual([]);
  resolve(OPEN_SETTINGS);
  await expect.poll(() => methods(server)).toEqual(['thread/resume']);
});

/** A Codex that refuses to open a conversation so many times. */
function createRefusing(reason: string, times: number) {
  const { asked, readConfig, request } = createServer(Promise.resolve(OPEN_SETTINGS));
  const thread = { thread: { id: 'thread 0' }, model: 'gpt-5.5', approvalPolicy: 'on-request' };
  const refuse = async (method: string, params: unknown) => {
    await request(method, params);
    if (asked.length <= times) throw new Error(reason);
    return thread;
  };
  return { asked, readConfig, request: refuse };
}

test.each([
  'thread thread 0 is closing; retry thread/resume after the thread is closed',
  'thread thread 0 already has an active writer',
])('a conversation that is being let go of is opened when it is: %s', async (reason) => {
  const server = createRefusing(reason, 2);
  expect(await openThread(toChoice(server, { nativeId: 'thread 0' }))).toMatchObject({ threadId: 'thread 0' });
  expect(methods(server)).toEqual(['thread/resume', 'thread/resume', 'thread/resume']);
});

test('one that stays open in another Codex is told after a while', async () => {
  const server = createRefusing('thread thread 0 already has an active writer', Number.POSITIVE_INFINITY);
  const opening = openThread(toChoice(server, { nativeId: 'thread 0' }));
  await expect(opening).rejects.toThrow('is open in another Codex. Close it there');
});

test('a conversation in the archive is there again although its fork failed', async () => {
  const { asked, readConfig, request } = createServer(Promise.resolve(OPEN_SETTINGS));
  const reasons = ['it is archived', 'no room for it'];
  const server = {
    readConfig,
    request: (method: string, params: unknown) =>
      request(method, params).then((answer) => {
        if (method === 'thread/fork') throw new Error(reasons.shift());
        return answer;
      }),
  };
  const opening = openThread(toChoice(server, { branch: { kind: 'fork', nativeId: 'thread 0' } }));
  await expect(opening).rejects.toThrow('no room for it');
  expect(methods({ asked })).toEqual(['thread/fork', 'thread/unarchive', 'thread/fork', 'thread/archive']);
});
