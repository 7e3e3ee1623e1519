import { AppError, type Command, createId, type SessionId, type SessionView } from '@baton/protocol';
import { createMemoryStore } from '@baton/store';
import { createManualClock, createScriptedBackend } from '@baton/testkit';
import { expect, test } from 'vitest';
import { createEngine } from './create-engine.ts';

const ada = { id: 'ada', name: 'Ada' };

async function setUp() {
  const scripted = createScriptedBackend();
  const engine = createEngine({
    ...{ store: createMemoryStore(), clock: createManualClock(), backends: () => [scripted.backend] },
    resolveFolder: (path) => Promise.resolve(path),
  });
  const run = (command: Command) => engine.execute(command, { commandId: createId('command'), actor: ada });
  const created = await run({ type: 'session.create', backend: 'scripted', cwd: '/w' });
  if (!created.ok) throw new Error(created.error.detail);
  const { id } = created.result as SessionView;
  const agent = await scripted.nextAgent();
  agent.start();
  const gate = Promise.withResolvers<void>();
  agent.changeAfter(gate.promise);
  const events = async () => (await engine.readEvents(id, { after: 0, limit: 500 })).events.map(({ event }) => event);
  return { engine, run, id, agent, gate, events };
}

const choose = (sessionId: SessionId, mode: string): Command => ({ type: 'session.configure', sessionId, mode });

async function settled(): Promise<void> {
  for (let round = 0; round < 5; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

test('what an agent says of a setting before it takes another one does not undo the choice', async () => {
  const { engine, run, id, agent, gate, events } = await setUp();
  await run(choose(id, 'plan'));
  void agent.report({ type: 'session.configured', mode: 'default', model: 'large', by: 'agent' });
  gate.resolve();
  await settled();
  expect(await engine.readView(id)).toMatchObject({ mode: 'plan', model: 'large' });
  expect((await events()).filter(({ type }) => type === 'session.configured')).toMatchObject([
    { mode: 'plan', by: 'ada' },
    { model: 'large', by: 'agent' },
  ]);
});

test('what it says once it has taken it counts', async () => {
  const { engine, run, id, agent, gate } = await setUp();
  gate.resolve();
  await run(choose(id, 'plan'));
  await settled();
  void agent.report({ type: 'session.configured', mode: 'default', by: 'agent' });
  await settled();
  expect(await engine.readView(id)).toMatchObject({ mode: 'default' });
});

test('a refused choice goes back to what the agent said meanwhile', async () => {
  const { engine, run, id, agent, gate, events } = await setUp();
  await run(choose(id, 'bypass'));
  void agent.report({ type: 'session.configured', mode: 'default', by: 'agent' });
  gate.reject(new AppError('invalid-input', 'not as root'));
  await settled();
  expect(await engine.readView(id)).toMatchObject({ mode: 'default' });
  expect((await events()).filter(({ type }) => type === 'notice.raised')).toMatchObject([
    { text: 'The change was refused: not as root' },
  ]);
});

test('a refused choice does not undo the next one', async () => {
  const { engine, run, id, agent, gate } = await setUp();
  await run(choose(id, 'bypass'));
  await settled();
  const next = Promise.withResolvers<void>();
  agent.changeAfter(next.promise);
  await run(choose(id, 'plan'));
  gate.reject(new AppError('invalid-input', 'not as root'));
  await settled();
  expect(await engine.readView(id)).toMatchObject({ mode: 'plan' });
  next.resolve();
  await settled();
  expect(await engine.readView(id)).toMatchObject({ mode: 'plan' });
});
