import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkLaws, findCommands, said, setStage, tools, waitForFile } from './__fixtures__/stage.ts';

const stage = setStage();

test('leaves nothing running when it is stopped, whatever runs in the background', async () => {
  const codex = stage.open({ mode: 'full-access' });
  expect(await codex.run('Please start a server')).toMatchObject({ outcome: 'completed' });
  const pid = await waitForFile(codex, 'pid.txt');
  expect(existsSync(`/proc/${pid}`)).toBe(true);
  expect(tools(codex)).toMatchObject([
    { status: 'completed', output: [{ text: expect.stringContaining('background') }] },
  ]);
  const other = stage.open({ mode: 'full-access' });
  await other.nth('agent.ready');
  await codex.session.stop();
  expect(existsSync(`/proc/${pid}`)).toBe(false);
  expect(await other.run('hello')).toMatchObject({ outcome: 'completed' });
  checkLaws(codex.reports);
});

test('runs many conversations in one process, each in its folder, and those with another environment in another', async () => {
  const folder = join(stage.place.root, 'other');
  await mkdir(folder);
  const [one, two, three] = [
    stage.open({ mode: 'auto' }),
    stage.open({ mode: 'auto', cwd: folder }),
    stage.open({ env: { A: 'b' } }),
  ];
  await Promise.all([
    one.run('[scene approval] one'),
    two.run('[scene approval] two'),
    three.run('[scene echo] three'),
  ]);
  const pids = await Promise.all([one, two, three].map(async (codex) => (await codex.nth('agent.started')).pid));
  expect(pids[0]).toBe(pids[1]);
  expect(pids[0]).not.toBe(pids[2]);
  expect(await one.read('note.txt')).toBe('hello\n');
  expect(readFileSync(join(folder, 'note.txt'), 'utf8')).toBe('hello\n');
  expect(said(three)).toBe('You said: three');
});

describe('coming back', () => {
  test('resumes after it was stopped, and after its process was killed', async () => {
    const first = stage.open({ mode: 'auto' });
    await first.run('[scene echo] one');
    const { nativeId } = await first.nth('agent.started');
    await first.session.stop();
    const second = stage.open({ nativeId, mode: 'auto' });
    await second.run('two');
    expect(await second.nth('agent.started')).toMatchObject({ nativeId });
    expect(said(second)).toBe('You said: two');
    void second.send('[scene codex] leave something running');
    const pid = await waitForFile(second, 'pid.txt');
    process.kill((await second.nth('agent.started')).pid ?? 0, 'SIGKILL');
    expect(await second.nth('agent.exited')).toMatchObject({
      signal: 'SIGKILL',
      expected: false,
      failure: { kind: 'agent-exited', message: expect.stringContaining('Send a prompt') },
    });
    expect(findCommands(stage.place.cwd)).toEqual([]);
    expect(pid).not.toBe('');
    expect(existsSync(join(stage.place.cwd, '.git'))).toBe(false);
    const third = stage.open({ nativeId, mode: 'auto' });
    expect(await third.run('[scene echo] three')).toMatchObject({ outcome: 'completed' });
    expect(third.of('agent.started')[0]?.nativeId).toBe(nativeId);
    expect(JSON.stringify(stage.rehearsal.requests().at(-1)?.body)).toContain('You said: one');
  });

  test('begins anew when there was never a turn, and does not when there was', async () => {
    const first = stage.open();
    const { nativeId } = await first.nth('agent.started');
    await first.session.stop();
    const second = stage.open({ nativeId });
    expect(await second.run('[scene echo] one')).toMatchObject({ outcome: 'completed' });
    const known = await second.nth('agent.started');
    await second.session.stop();
    await rm(join(stage.place.home, '.codex', 'sessions'), { recursive: true });
    await rm(join(stage.place.root, 'data'), { recursive: true });
    await stage.backend.close?.();
    const lost = stage.open(
      {
        nativeId: known.nativeId,
        async *history() {
          const event = second.of('turn.ended')[0];
          const at = '2026-01-02T03:04:05.000Z';
          const ended = event && { ...event, durationMs: 1 };
          if (ended !== undefined) yield { sessionId: 'ses_1' as never, seq: 1, at, event: ended };
        },
      },
      stage.another(),
    );
    expect(await lost.nth('agent.exited')).toMatchObject({
      expected: false,
      failure: { message: expect.stringContaining('no longer has it') },
    });
  });

  test('goes on with what began in another home of the same user', async () => {
    const first = stage.open();
    await first.run('[scene echo] one');
    const { nativeId } = await first.nth('agent.started');
    await first.session.stop();
    const second = stage.open({ nativeId }, stage.another({ dataDir: join(stage.place.root, 'elsewhere') }));
    expect(await second.run('two')).toMatchObject({ outcome: 'completed' });
    expect(await second.nth('agent.started')).toMatchObject({ nativeId });
    expect(JSON.stringify(stage.rehearsal.requests().at(-1)?.body)).toContain('You said: one');
  });

  test('forks at a point, and goes back to it', async () => {
    const codex = stage.open();
    const { point } = await codex.run('[scene echo] one');
    await codex.run('two');
    const { nativeId = '' } = await codex.nth('agent.started');
    const forked = stage.open({ branch: { kind: 'fork', nativeId, point } });
    await forked.run('three');
    const body = JSON.stringify(stage.rehearsal.requests().at(-1)?.body);
    expect(body).toContain('You said: one');
    expect(body).not.toContain('You said: two');
    expect((await forked.nth('agent.started')).nativeId).not.toBe(nativeId);
    await codex.session.stop();
    const rewound = stage.open({ nativeId, branch: { kind: 'rewind', nativeId, point } });
    await rewound.run('four');
    expect(await rewound.nth('agent.started')).toMatchObject({ nativeId });
    expect(JSON.stringify(stage.rehearsal.requests().at(-1)?.body)).not.toContain('You said: two');
  });
});

test("leaves the user's own settings alone, and does not start on settings it cannot read", async () => {
  const config = join(stage.place.home, '.codex', 'config.toml');
  await mkdir(join(stage.place.home, '.codex'));
  await mkdir(join(stage.place.cwd, '.git'));
  await writeFile(config, 'model = "gpt-5.5"\nsandbox_mode = "read-only"\napproval_policy = "on-request"\n');
  const codex = stage.open();
  await codex.run('hello');
  expect(codex.of('session.configured')).toMatchObject([{ model: 'gpt-5.5', mode: 'read-only' }]);
  expect(readFileSync(config, 'utf8')).not.toContain('projects');
  await codex.session.stop();
  await writeFile(config, 'approval_policy = "whenever"\n');
  const broken = stage.open();
  expect(await broken.nth('agent.exited')).toMatchObject({
    failure: { kind: 'invalid-input', message: expect.stringContaining('config.toml') },
  });
});
