import { createId, type SessionId } from '@baton/protocol';
import {
  createBatonClient,
  createApi,
  type BatonClient,
  type SessionHandle,
  type SessionSnapshot,
} from '@baton/client';
import { emptyTimeline, foldTimeline } from '@baton/core';
import type { RunningServer } from '@baton/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorkplace, type Workplace } from './workplace.ts';

// The client's stores against the whole real server: what they show is what the server holds.

let place: Workplace;
let server: RunningServer;
let clients: BatonClient[];

beforeEach(async () => {
  place = await createWorkplace();
  server = await place.serve();
  clients = [];
});

afterEach(async () => {
  for (const client of clients) client.close();
  await place.close();
});

function connect(): BatonClient {
  const client = createBatonClient({ url: server.url, key: server.ownerKey, validate: true });
  clients.push(client);
  return client;
}

function until(handle: SessionHandle, condition: (snapshot: SessionSnapshot) => boolean): Promise<SessionSnapshot> {
  return new Promise((resolve) => {
    const check = () => {
      if (!condition(handle.get())) return;
      stop();
      resolve(handle.get());
    };
    const stop = handle.subscribe(check);
    check();
  });
}

async function readTruth(sessionId: SessionId) {
  const api = createApi({ url: server.url, key: server.ownerKey, validate: true });
  const { events } = await api.call('listEvents', { params: { id: sessionId }, query: { limit: 5000 } });
  const view = await api.call('getSession', { params: { id: sessionId } });
  return { timeline: events.reduce(foldTimeline, emptyTimeline), view };
}

const isOver = ({ timeline }: SessionSnapshot) => timeline.turns.at(-1)?.state === 'completed';

test('two clients show the same turn while it streams, and the server agrees in the end', async () => {
  const [one, two] = [connect(), connect()];
  const sessionId = createId('session');
  await one.send({ type: 'session.create', sessionId, backend: 'worker', cwd: place.cwd, prompt: '[scene simple] hi' });
  const handles = [one.openSession(sessionId), two.openSession(sessionId)];
  await Promise.all(handles.map((handle) => until(handle, isOver)));
  const truth = await readTruth(sessionId);
  for (const handle of handles) {
    const snapshot = await until(handle, ({ view }) => view?.seq === truth.view.seq);
    expect(snapshot.timeline).toEqual(truth.timeline);
    expect(snapshot.view).toEqual(truth.view);
    expect(snapshot.optimistic).toEqual([]);
  }
});

test('an approval shows in the inbox, and its answer reaches the other client', async () => {
  const [one, two] = [connect(), connect()];
  const sessionId = createId('session');
  const asked = new Promise<void>((resolve) => {
    two.inbox.subscribe(() => {
      if (two.inbox.get().approvals.length === 1) resolve();
    });
  });
  await one.send({
    type: 'session.create',
    sessionId,
    backend: 'worker',
    cwd: place.cwd,
    prompt: '[scene approval] go',
  });
  const handle = one.openSession(sessionId);
  await asked;
  await until(handle, ({ view }) => view?.state === 'waiting');
  const [approval] = two.inbox.get().approvals;
  const option = approval?.options.find(({ kind }) => kind === 'deny-once')?.id ?? '';
  await two.send({ type: 'approval.answer', approvalId: approval?.approvalId ?? '', option });
  await expect(
    one.send({ type: 'approval.answer', approvalId: approval?.approvalId ?? '', option }),
  ).rejects.toMatchObject({ kind: 'approval-already-answered' });
  const over = await until(handle, isOver);
  expect(over.timeline.approvals).toMatchObject([{ state: 'answered', option }]);
  expect(over.view?.pending.approvals).toEqual([]);
});

test('text that streamed before somebody came is there, and goes on', async () => {
  const [one, two] = [connect(), connect()];
  const sessionId = createId('session');
  const prompt = '[scene long-stream] go';
  await one.send({ type: 'session.create', sessionId, backend: 'worker', cwd: place.cwd, prompt });
  const first = one.openSession(sessionId);
  await until(first, (snapshot) => textOf(snapshot).length > 100);
  const late = two.openSession(sessionId);
  const seen = await until(late, (snapshot) => textOf(snapshot).length > 200);
  expect(textOf(seen)).toMatch(/^The story begins\. One word follows another/);
  await one.send({ type: 'turn.interrupt', sessionId });
  await Promise.all(
    [first, late].map((handle) => until(handle, ({ view }) => view?.turn === undefined && view !== undefined)),
  );
  const truth = await readTruth(sessionId);
  for (const handle of [first, late]) {
    const snapshot = await until(handle, ({ timeline }) => timeline.seq === truth.timeline.seq);
    expect(snapshot.timeline).toEqual(truth.timeline);
  }
});

function textOf({ timeline }: SessionSnapshot): string {
  const item = timeline.turns.at(-1)?.items.findLast((entry) => entry.item.type === 'agent-message')?.item;
  return item?.type === 'agent-message' ? item.text : '';
}
