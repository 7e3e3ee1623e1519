import { spawn } from '@lydell/node-pty';
import { parseScenario, startRehearsal } from '@baton/rehearsal';
import { expect, test } from 'vitest';
import { CODEX } from './harness/agents/codex.ts';
import { AGENTS_FOLDER } from './harness/agents/agent-under-test.ts';
import { COMMAND, OWNER_KEY, startBaton } from './harness/baton-process.ts';
import { drive } from './harness/drive.ts';

// One conversation in Baton and, at the same time, in Codex's own terminal program.

const SCENARIO = parseScenario('title: Listens\nturns:\n  - steps: [{ say: "I heard {{prompt}}." }]\n', {
  name: 'listens',
});

/** A terminal as large as one, which answers what programs ask terminals. */
function openTerminal(args: readonly string[], env: Record<string, string>) {
  const terminal = spawn(process.execPath, [COMMAND, ...args], { cols: 120, rows: 40, env });
  let shown = '';
  const watchers = new Set<() => void>();
  terminal.onData((data) => {
    shown += data;
    if (data.includes('\u001b[6n')) terminal.write('\u001b[1;1R');
    if (data.includes('\u001b[c')) terminal.write('\u001b[?62c');
    for (const look of [...watchers]) look();
  });
  // Without what moves the cursor, and without the blanks that it stands for.
  const words = () =>
    shown.replaceAll(/\u001b(?:\[[0-9;?>=]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|.)|\s/g, '');
  return {
    type: (text: string) => terminal.write(text),
    until: (text: string) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (!words().includes(text)) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
    words,
    end: () => terminal.kill('SIGKILL'),
  };
}

test('what is said in the terminal is shown here, and what is said here there', async () => {
  const rehearsal = await startRehearsal({ scenario: SCENARIO });
  const baton = await startBaton({ env: CODEX.serverEnv });
  const peer = await baton.connect();
  const session = await drive({ baton, peer }, CODEX, { env: CODEX.sessionEnv(rehearsal), prompt: 'the heliotrope' });
  await session.turnEnded();
  const env = {
    PATH: `${AGENTS_FOLDER}/.bin:${process.env['PATH']}`,
    HOME: baton.root,
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
  };
  const terminal = openTerminal(['join', session.id, '--url', baton.url, '--key', OWNER_KEY], env);
  try {
    await terminal.until('Iheardtheheliotrope.');
    terminal.type('the marigold');
    await terminal.until('themarigold');
    terminal.type('\r');
    await terminal.until('Iheardthemarigold.');
    await expect.poll(() => session.said()).toContain('I heard the marigold.');
    const { turnId } = await session.prompt('the tulip');
    await session.turnEnded(turnId);
    await terminal.until('Iheardthetulip.');
    const { body } = await baton.request('GET', `/sessions/${session.id}/events`);
    // A prompt that had to wait for the end of the turn before is told of twice; it began once.
    const begun = /turn\.started","turnId":"\w+","input":\[\{"type":"text","text":"(the \w+)"\}\],"by":"(\w+)/g;
    const asked = [...JSON.stringify(body).matchAll(begun)].map(([, what, by]) => `${what} by ${by}`);
    expect(asked).toEqual(['the heliotrope by owner', 'the marigold by agent', 'the tulip by owner']);
  } finally {
    terminal.end();
    peer.close();
    await baton.kill('SIGTERM');
    await rehearsal.close();
  }
});
