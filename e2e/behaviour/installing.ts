import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backendViewSchema } from '@baton/protocol';
import { startRehearsal } from '@baton/rehearsal';
import { expect } from 'vitest';
import { z } from 'zod';
import { type BatonProcess, startBaton, temporaryFolder } from '../harness/baton-process.ts';
import { drive } from '../harness/drive.ts';
import type { Stage } from './stage.ts';

const backendsSchema = z.object({ items: z.array(backendViewSchema) });

async function withProgram(
  { agent }: Stage,
  path: (name: string) => string,
  act: (baton: BatonProcess) => Promise<void>,
): Promise<void> {
  if (agent.program === undefined) throw new Error('this agent has no program that could be another');
  const { name, env } = agent.program;
  const baton = await startBaton({ env: { ...agent.serverEnv, ...env(path(name)) } });
  try {
    await act(baton);
  } finally {
    await baton.kill('SIGTERM');
  }
}

/** A program of long ago, which knows nothing of what is asked of it today. */
function installOld(name: string): string {
  const folder = join(temporaryFolder('old'), 'node_modules', 'old-agent');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'old-agent', version: '0.0.1', main: 'index.js' }),
  );
  const path = join(folder, name);
  const says = 'case "$*" in *--version*) echo 0.0.1;; *) echo "unknown option: $1" >&2; exit 2;; esac';
  writeFileSync(path, `#!/bin/sh\n${says}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** What is wrong with its program before it ever runs. */
export const INSTALLING = {
  missing: (stage: Stage) =>
    withProgram(
      stage,
      (name) => join('/no/such/folder', name),
      async (baton) => {
        const made = { backend: stage.agent.backend, cwd: baton.root, prompt: 'Hello' };
        const answer = await baton.request('POST', '/sessions', made);
        expect(answer).toMatchObject({ status: 424, body: { kind: 'backend-not-installed' } });
        expect(JSON.stringify(answer.body)).toMatch(/Install|set the path/i);
      },
    ),

  'wrong-version': (stage: Stage) =>
    withProgram(stage, installOld, async (baton) => {
      const { agent } = stage;
      const { items } = backendsSchema.parse((await baton.request('GET', '/backends')).body);
      const view = items.find(({ id }) => id === agent.backend);
      expect(view).toMatchObject({ installed: true, version: '0.0.1' });
      const mend = expect.stringMatching(/update/i);
      expect(view?.faults).toContainEqual(expect.objectContaining({ kind: 'too-old', mend }));
      const rehearsal = await startRehearsal({ scenario: 'echo' });
      const peer = await baton.connect();
      try {
        const env = agent.sessionEnv(rehearsal);
        const session = await drive({ baton, peer }, agent, { env, prompt: 'Hello' });
        const ended = await session.turnEnded();
        expect(ended.outcome).toBe('failed');
        expect(ended.error?.message.length).toBeGreaterThan(20);
      } finally {
        peer.close();
        await rehearsal.close();
      }
    }),
};
