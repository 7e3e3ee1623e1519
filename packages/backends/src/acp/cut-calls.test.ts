import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { CutCalls } from './cut-calls.ts';
import { BOUNDS } from './settings.ts';

const CODEX = '@agentclientprotocol/codex-acp';

/** A command as Codex begins one, which nobody has in a list. */
function begin(callId: string, whose: { server: string; session: string }) {
  const env = { BATON_SERVER: whose.server, BATON_SESSION: whose.session, CODEX_TOOL_CALL_ID: callId };
  const command = spawn('/bin/sleep', ['600'], { env, stdio: 'ignore' });
  onTestFinished(() => void command.kill('SIGKILL'));
  return command;
}

const isOver = ({ exitCode, signalCode }: ReturnType<typeof begin>) => exitCode !== null || signalCode !== null;

test.runIf(process.platform === 'linux')(
  'what Codex left running of a cut turn is ended before it is over',
  async () => {
    const whose = { server: randomUUID(), session: 'ses_cut' };
    const [cut, other] = [begin('exec-1', whose), begin('exec-2', whose)];
    await Promise.all([once(cut, 'spawn'), once(other, 'spawn')]);
    const ended = once(cut, 'exit');
    const calls = new CutCalls({ settings: { serverMarker: whose.server, bounds: BOUNDS }, sessionId: whose.session });
    calls.note({ agent: CODEX, tools: { 'exec-1': {} } });
    await new Promise<void>((resolve) => calls.settle(resolve));
    await ended;
    expect(isOver(other)).toBe(false);
    let hasGoneOn = false;
    calls.settle(() => {
      hasGoneOn = true;
    });
    expect(hasGoneOn).toBe(true);
  },
);

test('the turn of an agent that leaves nothing is over at once', () => {
  const calls = new CutCalls({ settings: { serverMarker: 'server', bounds: BOUNDS }, sessionId: 'ses_cut' });
  calls.note({ agent: 'another', tools: { 'exec-1': {} } });
  let hasGoneOn = false;
  calls.settle(() => {
    hasGoneOn = true;
  });
  expect(hasGoneOn).toBe(true);
});
