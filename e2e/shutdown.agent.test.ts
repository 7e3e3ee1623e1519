import { cpSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { sessionViewSchema } from '@baton/protocol';
import { startRehearsal } from '@baton/rehearsal';
import { toServerMarker } from '@baton/runner';
import { expect, onTestFinished, test } from 'vitest';
import { CODEX } from './harness/agents/codex.ts';
import { OPENCODE } from './harness/agents/opencode.ts';
import { WORKER } from './harness/agents/worker.ts';
import { STORY } from './harness/agents.ts';
import { COMMAND, startBaton, temporaryFolder } from './harness/baton-process.ts';
import { findProcesses } from './harness/processes.ts';

// The slowest to start first, so that all are at work at the end.
const AGENTS = [OPENCODE, CODEX, WORKER];

// A rebuild replaces the files that a server was started from: what it loads only now is not there any more.
test('a server whose own files are gone ends in order, with agents at work and the processes that they share', async () => {
  const program = join(temporaryFolder('program'), 'baton');
  cpSync(dirname(COMMAND), program, { recursive: true });
  const rehearsal = await startRehearsal({ scenario: STORY });
  onTestFinished(() => rehearsal.close());
  const env = Object.assign({}, ...AGENTS.map(({ serverEnv }) => serverEnv));
  const baton = await startBaton({ program: join(program, basename(COMMAND)), env });
  for (const { backend, sessionEnv } of AGENTS) {
    const body = { backend, cwd: baton.root, env: sessionEnv(rehearsal), prompt: 'hello' };
    const { id } = sessionViewSchema.parse((await baton.request('POST', '/sessions', body)).body);
    const read = async () => sessionViewSchema.parse((await baton.request('GET', `/sessions/${id}`)).body);
    await expect.poll(read).toMatchObject({ state: 'running', agent: {} });
  }
  const marker = `BATON_SERVER=${toServerMarker(baton.dataDir)}`;
  for (const word of ['app-server', 'serve']) expect(findProcesses(marker, word)).not.toEqual([]);
  rmSync(program, { recursive: true });
  await baton.kill('SIGTERM');
  expect(await baton.exited).toBe(0);
  expect(findProcesses(marker)).toEqual([]);
  expect(baton.output()).not.toContain('ERR_MODULE_NOT_FOUND');
});
