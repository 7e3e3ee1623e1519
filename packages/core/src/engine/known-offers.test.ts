import { type BackendView, createId, type SessionView } from '@baton/protocol';
import { createMemoryStore } from '@baton/store';
import { createManualClock, createScriptedBackend } from '@baton/testkit';
import { expect, test } from 'vitest';
import { createEngine } from './create-engine.ts';

const ada = { id: 'ada', name: 'Ada' };
const MODELS = [{ id: 'large', title: 'Large', efforts: ['low', 'high'] }];
const MODES = [{ id: 'plan', title: 'Plan' }];

function setUp(view: Partial<BackendView> = {}, store = createMemoryStore()) {
  const scripted = createScriptedBackend({
    view: { models: [], modes: [], ...view },
    onOpen(agent) {
      agent.start();
      void agent.report({
        ...{ type: 'agent.ready', models: MODELS, modes: MODES },
        ...{ commands: [], tools: [], mcpServers: [] },
      });
    },
  });
  const start = () =>
    createEngine({
      ...{ store, clock: createManualClock(), backends: () => [scripted.backend] },
      resolveFolder: (path) => Promise.resolve(path),
    });
  return { scripted, start };
}

async function runOne(engine: ReturnType<typeof createEngine>): Promise<void> {
  const prompt = [{ type: 'text' as const, text: 'go' }];
  const command = { type: 'session.create' as const, backend: 'scripted', cwd: '/w', prompt };
  const receipt = await engine.execute(command, { commandId: createId('command'), actor: ada });
  if (!receipt.ok) throw new Error(receipt.error.detail);
  const { id } = receipt.result as SessionView;
  const isReady = async () =>
    (await engine.readEvents(id, { after: 0, limit: 50 })).events.some(
      ({ event }) => event.type === 'agent.ready' && event.models.length > 0,
    );
  await expect.poll(isReady).toBe(true);
}

test('what an agent offers is known once it ran, and after a restart', async () => {
  const { start } = setUp();
  const engine = start();
  expect(await engine.listBackends()).toMatchObject([{ models: [], modes: [] }]);
  await runOne(engine);
  expect(await engine.listBackends()).toMatchObject([{ models: MODELS, modes: MODES }]);
  expect(await start().listBackends()).toMatchObject([{ models: MODELS, modes: MODES }]);
});

test('what is known of an agent without asking it stays as it is', async () => {
  const own = [{ id: 'small', title: 'Small' }];
  const { start } = setUp({ modes: own });
  const engine = start();
  await runOne(engine);
  expect(await engine.listBackends()).toMatchObject([{ models: MODELS, modes: own }]);
});

test('of one that is not there nothing is offered', async () => {
  const store = createMemoryStore();
  await runOne(setUp({}, store).start());
  const { start } = setUp({ installed: false, problem: 'It is gone.' }, store);
  expect(await start().listBackends()).toMatchObject([{ models: [], modes: [] }]);
});

test('a store that cannot be read costs only what is offered', async () => {
  const store = createMemoryStore();
  const scripted = setUp().scripted;
  const faults: unknown[] = [];
  const engine = createEngine({
    store: { ...store, listSessions: () => Promise.reject(new Error('the disk is gone')) },
    ...{ clock: createManualClock(), backends: () => [scripted.backend] },
    resolveFolder: (path) => Promise.resolve(path),
    onFault: (error) => faults.push(error),
  });
  expect(await engine.listBackends()).toMatchObject([{ id: 'scripted', models: [] }]);
  expect(faults).toHaveLength(1);
});
