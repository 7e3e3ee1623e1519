import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { OpenSession } from '../agent/__fixtures__/open-session.ts';
import { checkLaws, findCommands, setStage, tools, waitForFile } from './__fixtures__/stage.ts';

const stage = setStage();

const isSubagent = (report: OpenSession['reports'][number]) =>
  report.type === 'item.started' && report.item.type === 'tool-call' && report.item.kind === 'subagent';
const started = (codex: OpenSession) => readdirSync(codex.cwd).filter((name) => name.endsWith('.pid')).length;

async function untilStarted(codex: OpenSession, count: number): Promise<void> {
  while (started(codex) < count) await new Promise((resolve) => setImmediate(resolve));
}

/** Nothing runs, now or when Codex has had time for something else. */
async function expectNothingLeft(codex: OpenSession): Promise<void> {
  expect(findCommands(stage.place.cwd)).toEqual([]);
  const turns = codex.of('turn.started').length;
  for (const text of ['hello', 'hello again']) expect(await codex.run(text)).toMatchObject({ outcome: 'completed' });
  expect(findCommands(stage.place.cwd)).toEqual([]);
  expect(codex.of('turn.started')).toHaveLength(turns);
  await codex.session.stop();
  expect(findCommands(stage.place.cwd)).toEqual([]);
  checkLaws(codex.reports);
}

// The newest models have subagents of another kind than all others.
describe.each(['gpt-6.1-sol', 'another-model'])('an interrupt with %s', (model) => {
  test('ends three subagents that work side by side, with their commands', async () => {
    const codex = stage.open({ model, mode: 'full-access' });
    const turn = codex.run('Please send three out');
    await untilStarted(codex, 3);
    // Their files may be seen before Codex's word of them is read.
    await expect.poll(() => codex.reports.filter(isSubagent)).toHaveLength(3);
    await codex.session.interrupt?.();
    expect(await turn).toMatchObject({ outcome: 'interrupted' });
    expect(tools(codex).map(({ status }) => status)).not.toContain('running');
    await expectNothingLeft(codex);
  });

  test('ends one that was only just sent out', async () => {
    const codex = stage.open({ model, mode: 'full-access' });
    const turn = codex.run('Please send three out');
    await codex.until(isSubagent);
    await codex.session.interrupt?.();
    expect(await turn).toMatchObject({ outcome: 'interrupted' });
    await expectNothingLeft(codex);
  });

  test('ends what one that is done left running', async () => {
    const codex = stage.open({ model, mode: 'full-access' });
    const turn = codex.run('Please leave a server behind');
    await waitForFile(codex, 'pid.txt');
    await codex.until(
      (report) => report.type === 'item.started' && JSON.stringify(report.item).includes('"sleep 600"'),
    );
    await codex.session.interrupt?.();
    expect(await turn).toMatchObject({ outcome: 'interrupted' });
    await expectNothingLeft(codex);
  });
});

// Of the newest models alone can a subagent send out another.
test('an interrupt ends one that was sent out by another', async () => {
  const codex = stage.open({ mode: 'full-access' });
  const turn = codex.run('Please pass it on');
  await waitForFile(codex, 'pid.txt');
  await codex.session.interrupt?.();
  expect(await turn).toMatchObject({ outcome: 'interrupted' });
  await expectNothingLeft(codex);
});
