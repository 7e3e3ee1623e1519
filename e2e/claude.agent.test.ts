import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLAUDE, OLDER_CLAUDE } from './harness/agents/claude.ts';
import { withScenario } from './harness/agents.ts';
import { type BatonProcess, startBaton } from './harness/baton-process.ts';
import { type Drive, drive } from './harness/drive.ts';
import type { Peer } from './harness/peer.ts';

// What Claude Code has beyond what every agent has.
describe.each([CLAUDE, OLDER_CLAUDE])('$name', (agent) => {
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

  test('lists its slash commands and models once it is ready', () =>
    play('echo', 'hello', async (session) => {
      // It is asked while its model works, so that the end of a turn this short may come first.
      const offer = await peer.event(session.id, 'agent.ready', ({ models }) => models.length > 1);
      expect(offer.commands.map((each) => each.name)).toContain('compact');
      await session.turnEnded();
      // It may say once more what it offers when its turn begins.
      const names = async () => (await session.view()).agent?.commands.map((each) => each.name) ?? [];
      await expect.poll(names).toContain('compact');
      const { items } = await listBackends(baton);
      expect(items.find((each) => each.id === 'claude')).toMatchObject({
        installed: true,
        version: agent.name.split(' ').at(-1),
      });
    }));
});

async function listBackends(
  baton: BatonProcess,
): Promise<{ items: { id: string; installed: boolean; version?: string }[] }> {
  const { body } = await baton.request('GET', '/backends');
  return body as { items: { id: string; installed: boolean; version?: string }[] };
}
