import type { OpenOptions } from '@baton/core';
import { type Rehearsal, parseScenario, startRehearsal } from '@baton/rehearsal';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type OpenClaude, type Place, VERSIONS, createPlace, openClaude } from './__fixtures__/open-claude.ts';
import { lastPrompts, lastRequest } from './__fixtures__/read-conversation.ts';

const SCENARIO = `
title: Something to come back to
turns:
  - when: third words
    steps: [{ say: I go on. }]
  - when: tell a story
    steps: [{ say: { text: "and then ", repeat: 400, pace: 20 } }]
  - steps: [{ say: I am here. }]
`;

let rehearsal: Rehearsal;
let place: Place;
const opened: OpenClaude[] = [];

beforeAll(async () => {
  rehearsal = await startRehearsal({ scenario: parseScenario(SCENARIO, { name: 'branch' }) });
});
afterAll(() => rehearsal.close());
beforeEach(async () => {
  place = await createPlace();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ session }) => session.stop()));
  await place.remove();
});

function open(program: string, options: Partial<OpenOptions> = {}): OpenClaude {
  const claude = openClaude({ place, program, rehearsal, open: options });
  opened.push(claude);
  return claude;
}

interface Lived {
  nativeId: string;
  points: string[];
}

/** Runs the prompts in one session and ends it. */
async function live(program: string, prompts: readonly string[], options: Partial<OpenOptions> = {}): Promise<Lived> {
  const claude = open(program, options);
  const points: string[] = [];
  for (const prompt of prompts) {
    const ended = await claude.run(prompt);
    expect(ended).toMatchObject({ outcome: 'completed', point: expect.any(String) });
    points.push(ended.point ?? '');
  }
  await claude.session.stop();
  return { nativeId: claude.of('agent.started')[0]?.nativeId ?? '', points };
}

const nativeIdOf = (claude: OpenClaude) => claude.of('agent.started')[0]?.nativeId;

// Each starts a handful of real processes, one after another.
describe.each(VERSIONS)('Claude Code $version', ({ program }) => {
  test('branches at the end of an earlier turn, and the other conversation stays as it was', async () => {
    const parent = await live(program, ['first words', 'second words']);
    const branch = { kind: 'fork' as const, nativeId: parent.nativeId, point: parent.points[0] };
    const fork = await live(program, ['third words'], { branch });
    expect(lastPrompts(rehearsal)).toEqual(['first words', 'third words']);
    expect(fork.nativeId).not.toBe(parent.nativeId);
    await live(program, ['fourth words'], { nativeId: parent.nativeId });
    expect(lastPrompts(rehearsal)).toEqual(['first words', 'second words', 'fourth words']);
    await live(program, ['fifth words'], { nativeId: fork.nativeId, branch });
    expect(lastPrompts(rehearsal)).toEqual(['first words', 'third words', 'fifth words']);
  });

  test('branches a branch, at a turn of its own and at one it took over', async () => {
    const parent = await live(program, ['first words', 'second words']);
    const fork = await live(program, ['third words', 'fourth words'], {
      branch: { kind: 'fork', nativeId: parent.nativeId },
    });
    const own = { kind: 'fork' as const, nativeId: fork.nativeId, point: fork.points[0] };
    await live(program, ['fifth words'], { branch: own });
    expect(lastPrompts(rehearsal)).toEqual(['first words', 'second words', 'third words', 'fifth words']);
    // As the log of the fork tells it, and as its own transcript would.
    for (const point of [parent.points[0], parent.points[0]?.split(':')[1]]) {
      await live(program, ['sixth words'], { branch: { kind: 'fork', nativeId: fork.nativeId, point } });
      expect(lastPrompts(rehearsal)).toEqual(['first words', 'sixth words']);
    }
  });

  test('goes back, stays there over a restart, and goes back again', async () => {
    const before = await live(program, ['first words', 'second words', 'third words']);
    const back = { kind: 'rewind' as const, nativeId: before.nativeId, point: before.points[1] };
    const after = await live(program, ['other words'], { branch: back });
    expect(lastPrompts(rehearsal)).toEqual(['first words', 'second words', 'other words']);
    await live(program, ['more words'], { nativeId: after.nativeId });
    expect(lastPrompts(rehearsal)).toEqual(['first words', 'second words', 'other words', 'more words']);
    const again = { kind: 'rewind' as const, nativeId: after.nativeId, point: before.points[0] };
    await live(program, ['last words'], { branch: again });
    expect(lastPrompts(rehearsal)).toEqual(['first words', 'last words']);
  });

  test('branches again when the first start never came to a turn', async () => {
    const parent = await live(program, ['first words']);
    const branch = { kind: 'fork' as const, nativeId: parent.nativeId, point: parent.points[0] };
    const idle = open(program, { branch });
    await idle.nth('agent.ready');
    await idle.session.stop();
    const fork = open(program, { branch, nativeId: nativeIdOf(idle) });
    expect(await fork.run('second words')).toMatchObject({ outcome: 'completed' });
    expect(nativeIdOf(fork)).toBe(nativeIdOf(idle));
    expect(lastPrompts(rehearsal)).toEqual(['first words', 'second words']);
  });

  test('comes back to the end of a turn that was interrupted', async () => {
    const parent = open(program);
    await parent.run('first words');
    const turnId = await parent.send('Please tell a story');
    await parent.nth('item.delta', 5);
    await parent.session.interrupt?.();
    await parent.until((report) => report.type === 'turn.ended' && report.turnId === turnId);
    const cut = parent.of('turn.ended').at(-1);
    expect(cut).toMatchObject({ outcome: 'interrupted', point: expect.any(String) });
    await parent.run('second words');
    const nativeId = nativeIdOf(parent) ?? '';
    await live(program, ['third words'], { branch: { kind: 'fork', nativeId, point: cut?.point } });
    const said = lastPrompts(rehearsal).join('\n');
    expect(said).toContain('Please tell a story');
    expect(said).toContain('[Request interrupted by user]');
    expect(said).not.toContain('second words');
  });

  test('says that the message it should go back to is gone', async () => {
    const { nativeId } = await live(program, ['first words']);
    const point = '00000000-0000-4000-8000-000000000000';
    const claude = open(program, { branch: { kind: 'rewind', nativeId, point } });
    expect(await claude.nth('agent.exited')).toMatchObject({
      expected: false,
      failure: { kind: 'agent-exited', message: expect.stringContaining('Go back to another turn') },
    });
  });

  test('thinks as hard as it was told, from the start and while it runs', async () => {
    const claude = open(program, { effort: 'low' });
    await claude.run('first words');
    expect(lastRequest(rehearsal).output_config).toEqual({ effort: 'low' });
    expect((await claude.nth('agent.ready')).models[0]?.efforts).toEqual(['low', 'medium', 'high', 'xhigh', 'max']);
    await claude.session.configure?.({ effort: 'max' });
    await claude.run('second words');
    expect(lastRequest(rehearsal).output_config).toEqual({ effort: 'max' });
    await expect(claude.session.configure?.({ effort: 'enormous' })).rejects.toMatchObject({ kind: 'invalid-input' });
    await claude.session.stop();
    const strange = open(program, { effort: 'enormous' });
    expect(await strange.nth('notice.raised')).toMatchObject({ text: expect.stringContaining('"enormous"') });
  });
});
