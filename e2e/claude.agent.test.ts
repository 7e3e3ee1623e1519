import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ItemId, sessionViewSchema } from '@baton/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AGENTS_UNDER_TEST, OLDER_CLAUDE, withScenario } from './harness/agents.ts';
import { type BatonProcess, startBaton } from './harness/baton-process.ts';
import { type Drive, drive } from './harness/drive.ts';
import type { Peer } from './harness/peer.ts';

// What Claude Code has beyond what every agent has.
describe.each([...AGENTS_UNDER_TEST.filter((agent) => agent.backend === 'claude'), OLDER_CLAUDE])('$name', (agent) => {
  let baton: BatonProcess;
  let peer: Peer;

  beforeAll(async () => {
    baton = await startBaton({ env: agent.serverEnv });
    peer = await baton.connect();
  });
  afterAll(async () => {
    peer?.close();
    await baton?.kill('SIGTERM');
  });

  const play = (scenario: string, prompt: string, run: (session: Drive) => Promise<void>): Promise<void> =>
    withScenario(scenario, async (env) => run(await drive({ baton, peer }, agent, { env, prompt })));

  test('nests what a subagent does under the call that started it', () =>
    play('subagent', 'Let a subagent look', async (session) => {
      expect(await session.turnEnded()).toMatchObject({ outcome: 'completed' });
      const started = peer.events(session.id).flatMap(({ event }) => (event.type === 'item.started' ? [event] : []));
      const subagent = started.find(({ item }) => item.type === 'tool-call' && item.kind === 'subagent');
      const parent: ItemId | undefined = subagent?.itemId;
      expect(parent).toBeDefined();
      const children = started.filter(({ parentItemId }) => parentItemId === parent && parentItemId !== undefined);
      expect(children.some(({ item }) => item.type === 'tool-call' && item.kind === 'execute')).toBe(true);
    }));

  test('presents a plan, hears what to change, and starts when it is approved', () =>
    withScenario('plan', async (env) => {
      const session = await drive({ baton, peer }, agent, { env, mode: 'plan', prompt: 'Plan a small change' });
      const request = await peer.event(session.id, 'approval.requested', (event) => event.action.kind === 'think');
      expect(request.options.length).toBeGreaterThan(1);
      const accept = request.options.find((option) => option.kind === 'allow-always');
      await peer.command({ type: 'approval.answer', approvalId: request.approvalId, option: accept?.id ?? '' });
      expect(await session.turnEnded()).toMatchObject({ outcome: 'completed' });
      expect(existsSync(join(session.cwd, 'plan-result.txt'))).toBe(true);
      expect((await session.view()).mode).not.toBe('plan');
    }));

  test('takes a change of mode while it runs, and a model it is told', () =>
    play('echo', 'first', async (session) => {
      await session.turnEnded();
      const { status, body } = await baton.request('PATCH', `/sessions/${session.id}`, {
        mode: 'acceptEdits',
        model: 'haiku',
      });
      expect(status).toBe(200);
      expect(sessionViewSchema.parse(body)).toMatchObject({ mode: 'acceptEdits', model: 'haiku' });
      const { turnId } = await session.prompt('second');
      expect(await session.turnEnded(turnId)).toMatchObject({ outcome: 'completed' });
      expect(await session.view()).toMatchObject({ mode: 'acceptEdits' });
      const refused = await baton.request('PATCH', `/sessions/${session.id}`, { mode: 'no-such-mode' });
      expect(refused).toMatchObject({ status: 400, body: { kind: 'invalid-input' } });
      expect(await session.view()).toMatchObject({ mode: 'acceptEdits' });
    }));

  test('lists its slash commands and models once it is ready', () =>
    play('echo', 'hello', async (session) => {
      await session.turnEnded();
      const { agent: offer } = await session.view();
      expect(offer?.commands.map((each) => each.name)).toContain('compact');
      expect(offer?.models.length).toBeGreaterThan(1);
      const { items } = await listBackends(baton);
      expect(items.find((each) => each.id === 'claude')).toMatchObject({
        installed: true,
        version: agent.name.split(' ').at(-1),
      });
    }));

  test('resumes the same conversation after it was stopped', () =>
    play('echo', 'remember the word apple', async (session) => {
      await session.turnEnded();
      const before = await session.view();
      await session.run({ type: 'session.stop' });
      await peer.event(session.id, 'agent.exited', (event) => event.expected);
      expect(await session.view()).toMatchObject({ state: 'stopped' });
      const { turnId } = await session.prompt('go on');
      expect(await session.turnEnded(turnId)).toMatchObject({ outcome: 'completed' });
      expect((await session.view()).nativeId).toBe(before.nativeId);
    }));
});

async function listBackends(
  baton: BatonProcess,
): Promise<{ items: { id: string; installed: boolean; version?: string }[] }> {
  const { body } = await baton.request('GET', '/backends');
  return body as { items: { id: string; installed: boolean; version?: string }[] };
}
