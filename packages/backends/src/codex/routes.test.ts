import { expect, test } from 'vitest';
import type { Listener } from './listener.ts';
import { Routes } from './routes.ts';
import { type Message, parseMessage } from './wire.ts';

function createSession(): Listener {
  return {
    ...{ take: () => undefined, takeRequest: () => undefined, takeUnknown: () => undefined },
    ...{ touch: () => undefined, takeLog: () => undefined, takeExit: () => undefined },
  };
}

/** What two sessions are handed of what was said. */
function createStage() {
  const handed: { message: Message; session: Listener }[] = [];
  const routes = new Routes((message, session) => void handed.push({ message, session }));
  return { routes, handed, one: createSession(), other: createSession() };
}

const unknown = (threadId: string, n = 0) => parseMessage({ method: 'thread/new', params: { threadId, n } });
const turn = (threadId: string, id: string, rootTurnId?: string) =>
  parseMessage({ method: 'turn/started', params: { threadId, turn: { id, status: 'inProgress', rootTurnId } } });

test('a message is for the session whose thread it is about', () => {
  const { routes, one, other } = createStage();
  routes.add('first', one);
  routes.add('second', other);
  expect(routes.find(unknown('first'))).toBe(one);
  expect(routes.find(unknown('second'))).toBe(other);
  expect(routes.find(unknown('third'))).toBeUndefined();
});

test('what is said of a thread before its session is known waits for it, in order', () => {
  const { routes, handed, one } = createStage();
  const messages = [unknown('first', 1), unknown('second'), unknown('first', 2)];
  for (const message of messages) routes.hold(message);
  routes.add('first', one);
  expect(handed).toEqual([messages[0], messages[2]].map((message) => ({ message, session: one })));
});

test('what was said of a thread before it was unloaded is not for who opens it again, nor that it was', () => {
  const { routes, handed, one } = createStage();
  routes.hold(unknown('first', 1));
  routes.hold(parseMessage({ method: 'thread/closed', params: { threadId: 'first' } }));
  const after = unknown('first', 2);
  routes.hold(after);
  routes.add('first', one);
  expect(handed).toEqual([{ message: after, session: one }]);
});

test('a subagent belongs to the session in whose turn it began, until that leaves', () => {
  const { routes, one, other } = createStage();
  routes.add('first', one);
  routes.add('second', other);
  expect(routes.find(turn('first', 'turn 1'))).toBe(one);
  expect(routes.find(turn('child', 'turn 2', 'turn 1'))).toBe(one);
  expect(routes.find(turn('grandchild', 'turn 3', 'turn 2'))).toBe(one);
  expect(routes.threadsOf(one)).toEqual(['first', 'child', 'grandchild']);
  routes.remove(one);
  expect(routes.threadsOf(one)).toEqual([]);
  expect(routes.find(unknown('child'))).toBeUndefined();
  expect(routes.find(unknown('second'))).toBe(other);
});
