import { sessionViewSchema } from '@baton/protocol';
import { parseScenario, startRehearsal } from '@baton/rehearsal';
import { expect, onTestFinished, test } from 'vitest';
import { CODEX } from './harness/agents/codex.ts';
import { WORKER } from './harness/agents/worker.ts';
import { startBaton } from './harness/baton-process.ts';
import { findProcesses } from './harness/processes.ts';

/** A daemon, in a session of its own, that fills 900 MB and waits. */
const FILL = `const parts = Array.from({ length: 900 }, () => Buffer.alloc(1024 * 1024, 1)); setInterval(() => parts.length, 60000)`;
const COMMAND = `(setsid nohup '${process.execPath}' -e '${FILL}' > /dev/null 2>&1 &) ; sleep 60`;

const SCENARIO = parseScenario(
  JSON.stringify({
    title: 'A command that takes memory',
    turns: [{ steps: [{ call: { tool: 'run', input: { command: COMMAND } } }, { say: 'Done.' }] }],
  }),
);

test.each([WORKER, CODEX])('$name: a command that takes too much ends the agent with the figures', async (agent) => {
  const rehearsal = await startRehearsal({ scenario: SCENARIO });
  onTestFinished(() => rehearsal.close());
  const baton = await startBaton({ env: { ...agent.serverEnv, BATON_AGENT_MEMORY_MB: '700' } });
  onTestFinished(() => baton.kill('SIGTERM'));
  const body = { backend: agent.backend, cwd: baton.root, env: agent.sessionEnv(rehearsal), prompt: 'Fill it' };
  const mode = agent.backend === 'codex' ? { mode: 'full-access' } : { mode: 'bypass' };
  const made = await baton.request('POST', '/sessions', { ...body, ...mode });
  const { id } = sessionViewSchema.parse(made.body);
  const read = async () => JSON.stringify((await baton.request('GET', `/sessions/${id}/events?limit=500`)).body);
  await expect
    .poll(read)
    .toMatch(
      /"type":"turn.ended"[^}]*"outcome":"failed".*used \S+ [GM]B of the 700 MB that BATON_AGENT_MEMORY_MB allows/,
    );
  expect(findProcesses(`BATON_SESSION=${id}`)).toEqual([]);
});
