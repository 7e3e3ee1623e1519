import { type Command, createId, type SessionView } from '@baton/protocol';
import { createMemoryStore } from '@baton/store';
import { createManualClock, createScriptedBackend } from '@baton/testkit';
import { expect, test, vi } from 'vitest';
import { createEngine } from './create-engine.ts';

test('what one device sends after another is done in that order, however long a digest takes', async () => {
  const scripted = createScriptedBackend();
  const engine = createEngine({
    ...{ store: createMemoryStore(), clock: createManualClock(), backends: () => [scripted.backend] },
    resolveFolder: (path) => Promise.resolve(path),
  });
  const run = (command: Command) =>
    engine.execute(command, { commandId: createId('command'), actor: { id: 'ada', name: 'Ada' } });
  const created = await run({ type: 'session.create', backend: 'scripted', cwd: '/w' });
  if (!created.ok) throw new Error(created.error.detail);
  const { id: sessionId } = created.result as SessionView;

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
