import { createId } from '@baton/protocol';
import { createMemoryStore } from '@baton/store';
import { createManualClock, createScriptedBackend } from '@baton/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { createEngine } from './create-engine.ts';
import type { EngineOptions } from './engine-options.ts';

/** A session whose agent has not got its first prompt yet. */
async function begin(beforeTurn: NonNullable<EngineOptions['beforeTurn']>) {
  const scripted = createScriptedBackend();
  const clock = createManualClock();
  const faults: unknown[] = [];
  const engine = createEngine({
    ...{ store: createMemoryStore(), clock, beforeTurn },
    backends: () => [scripted.backend],
    resolveFolder: async (path) => path,
    onFault: (error) => faults.push(error),
  });
  onTestFinished(() => engine.stop());
  const sessionId = createId('session');
  const options = () => ({ commandId: createId('command'), actor: { id: 'ada', name: 'Ada' } });
  const input = [{ type: 'text' as const, text: 'Go' }];
  await engine.execute(
    { type: 'session.create', sessionId, backend: 'scripted', cwd: '/work', prompt: input },
    options(),
  );
  const agent = await scripted.nextAgent();
  return { agent, clock, faults, run: (type: 'turn.interrupt') => engine.execute({ type, sessionId }, options()) };
}

test('a prompt waits for what has to come before its turn, and what is asked after it stays behind it', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const turns: unknown[] = [];
  const { agent, run } = await begin((turn) => {
    turns.push(turn);
    return promise;
  });
  await run('turn.interrupt');
  expect([agent.prompts, agent.interrupts]).toEqual([[], 0]);
  resolve();
  const { turnId } = await agent.nextPrompt();
  await agent.nextInterrupt();
  expect(turns).toEqual([{ sessionId: agent.options.sessionId, cwd: '/work', turnId }]);
});

test('a prompt waits two seconds at most', async () => {
  const { agent, clock } = await begin(() => new Promise(() => {}));
  clock.advance(1999);
  expect(agent.prompts).toEqual([]);
  clock.advance(1);
  await agent.nextPrompt();
});

test('a prompt goes out when what should come before it fails, which is a fault', async () => {
  const fault = new Error('no disk');
  const { agent, faults } = await begin(() => Promise.reject(fault));
  await agent.nextPrompt();
  expect(faults).toEqual([fault]);
});
