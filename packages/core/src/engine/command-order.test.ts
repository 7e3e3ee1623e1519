import { type Command, createId, type SessionView } from '@baton/protocol';
import { createMemoryStore } from '@baton/store';
import { createFaultyStore, createManualClock, createScriptedBackend } from '@baton/testkit';
import { expect, test, vi } from 'vitest';
import { createEngine } from './create-engine.ts';

const ORDERED: ReadonlySet<string> = new Set(['turn.started', 'session.configured']);

async function setUp() {
  const scripted = createScriptedBackend();
  const faulty = createFaultyStore(createMemoryStore());
  const clock = createManualClock();
  const engine = createEngine({
    ...{ store: faulty.store, clock, backends: () => [scripted.backend] },
    resolveFolder: (path) => Promise.resolve(path),
  });
  const run = (command: Command) =>
    engine.execute(command, { commandId: createId('command'), actor: { id: 'ada', name: 'Ada' } });
  async function create() {
    const created = await run({ type: 'session.create', backend: 'scripted', cwd: '/w' });
    if (!created.ok) throw new Error(created.error.detail);
    return (created.result as SessionView).id;
  }
  return { faulty, clock, engine, run, create };
}

test('what one device sends after another is done in that order, however long a digest takes', async () => {
  const { engine, run, create } = await setUp();
  const sessionId = await create();
  const { subtle } = crypto;
  const digest = subtle.digest.bind(subtle);
  let left = 5;
  const spy = vi.spyOn(subtle, 'digest').mockImplementation(async (...of) => {
    const rounds = (left -= 1);
    for (let round = 0; round < rounds; round += 1) await new Promise((resolve) => setImmediate(resolve));
    return digest(...of);
  });
  const titles = ['one', 'two', 'three', 'four', 'five'];
  await Promise.all(titles.map((title) => run({ type: 'session.configure', sessionId, title })));
  spy.mockRestore();
  const { events } = await engine.readEvents(sessionId, { after: 0, limit: 100 });
  expect(events.flatMap(({ event }) => (event.type === 'session.configured' ? [event.title] : []))).toEqual(titles);
});

test('and however long one has to be looked at before; other sessions do not wait', async () => {
  const { faulty, engine, run, create } = await setUp();
  const [sessionId, other] = [await create(), await create()];
  const letGo = faulty.hold('readView');
  // A prompt is looked at, whether its agent may start; a title and an interrupt are not.
  const prompted = run({ type: 'turn.start', sessionId, input: [{ type: 'text', text: 'Work' }] });
  const titled = run({ type: 'session.configure', sessionId, title: 'After the prompt' });
  const interrupted = run({ type: 'turn.interrupt', sessionId });
  expect(await run({ type: 'session.configure', sessionId: other, title: 'Meanwhile' })).toMatchObject({ ok: true });
  letGo();
  expect(await Promise.all([prompted, titled, interrupted])).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
  const { events } = await engine.readEvents(sessionId, { after: 0, limit: 100 });
  expect(events.map(({ event }) => event.type).filter((type) => ORDERED.has(type))).toEqual([...ORDERED]);
});

test('one that fails before its turn lets nobody pass', async () => {
  const { faulty, engine, run, create } = await setUp();
  const sessionId = await create();
  const letGo = faulty.hold('readView');
  const prompted = run({ type: 'turn.start', sessionId, input: [{ type: 'text', text: 'Work' }] });
  await expect.poll(() => faulty.calls('readView')).toBeGreaterThan(0);
  const mend = faulty.fail('readReceipt', new Error('The disk is gone'));
  const failed = await run({ type: 'session.configure', sessionId, title: 'Not this' });
  expect(failed).toMatchObject({ ok: false });
  mend();
  const titled = run({ type: 'session.configure', sessionId, title: 'After the prompt' });
  letGo();
  await Promise.all([prompted, titled]);
  const { events } = await engine.readEvents(sessionId, { after: 0, limit: 100 });
  expect(events.map(({ event }) => event.type).filter((type) => ORDERED.has(type))).toEqual([...ORDERED]);
});

test('an interrupt and a stop wait a second at most', async () => {
  const { faulty, clock, run, create } = await setUp();
  const sessionId = await create();
  await run({ type: 'turn.start', sessionId, input: [{ type: 'text', text: 'Work' }] });
  const letGo = faulty.hold('readView');
  const prompted = run({ type: 'turn.start', sessionId, input: [{ type: 'text', text: 'And then' }] });
  const ended = Promise.all([run({ type: 'turn.interrupt', sessionId }), run({ type: 'session.stop', sessionId })]);
  const passing = setInterval(() => clock.advance(500), 1);
  expect(await ended).toMatchObject([{ ok: true }, { ok: true }]);
  clearInterval(passing);
  letGo();
  expect(await prompted).toMatchObject({ ok: true });
});
