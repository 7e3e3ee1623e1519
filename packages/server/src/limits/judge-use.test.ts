import { describe, expect, test } from 'vitest';
import { describeUse } from './describe-use.ts';
import { judgeUse, unwatched, type Use, type UseLimits, type Verdict, type Watched } from './judge-use.ts';

const GIB = 1024 ** 3;
const MINUTE = 60_000;
const LIMITS: UseLimits = {
  ...{ memoryBytes: 4 * GIB, memoryNoticeBytes: 3 * GIB },
  ...{ busyCores: 2, busyMs: 30 * MINUTE, busyNoticeMs: 10 * MINUTE },
};
const calm: Use = { at: 0, memoryBytes: 0, cpuMs: 0, silentSince: 0, sessions: 1 };

/** What is said at each look, as the session would read it. */
function watch(uses: readonly Partial<Use>[], limits = LIMITS): string[][] {
  let watched: Watched = unwatched;
  return uses.map((use) => {
    const whole = { ...calm, ...use };
    const judgement = judgeUse(watched, whole, limits);
    watched = judgement.watched;
    return judgement.verdicts.map((verdict) => describeUse(verdict, limits, whole.sessions));
  });
}

/** A look every two seconds for so long, while so many cores are busy. */
function work(minutes: number, cores: number, use: Partial<Use> = {}): Use[] {
  return Array.from({ length: minutes * 30 + 1 }, (_, look) => {
    const at = look * 2000;
    return { ...calm, at, cpuMs: at * cores, ...use };
  });
}

const steps = (said: readonly string[][]) => said.flatMap((texts, look) => texts.map((text) => ({ look, text })));

describe('memory', () => {
  test('is told of once, again after it went down, and ends the agent beyond the limit', () => {
    const looks = [2.9, 3.3, 3.6, 2.9, 3.1, 2, 3.2, 4.13].map((gib) => ({ memoryBytes: gib * GIB }));
    const holds = 'The agent, with all that it started, holds';
    expect(watch(looks)).toEqual([
      [],
      [`${holds} 3.3 GB of memory; beyond 4 GB (BATON_AGENT_MEMORY_MB) it is ended`],
      ...[[], [], [], []],
      [`${holds} 3.2 GB of memory; beyond 4 GB (BATON_AGENT_MEMORY_MB) it is ended`],
      [
        'The agent, with all that it started, used 4.1 GB of the 4 GB that BATON_AGENT_MEMORY_MB allows, and was ended. Send a prompt to go on where it was, or allow more',
      ],
    ]);
  });

  test('of a process that sessions share may be what they may take together', () => {
    const said = watch([8, 11.9, 12.1].map((gib) => ({ memoryBytes: gib * GIB, sessions: 3 })));
    expect(said).toEqual([
      [],
      [expect.stringContaining('shares with 2 other sessions, with all that it started, holds 11.9 GB')],
      [expect.stringContaining('used 12.1 GB of the 12 GB that 3 sessions may use, each 4 GB by BATON_AGENT')],
    ]);
  });

  test('ends nothing without a limit, and is told of from half of the machine on, however many share it', () => {
    const limits = { ...LIMITS, memoryBytes: 0 };
    expect(watch([{ memoryBytes: 3.5 * GIB, sessions: 3 }, { memoryBytes: 400 * GIB }], limits)).toEqual([
      [expect.stringContaining('more than half of what this machine has. Nothing is ended')],
      [],
    ]);
  });

  test('is told in megabytes where it is little', () => {
    const limits = { ...LIMITS, memoryBytes: 200 * 1024 ** 2 };
    const verdict: Verdict = { step: 'end', what: 'memory', bytes: 207.4 * 1024 ** 2 };
    expect(describeUse(verdict, limits, 1)).toContain('used 207 MB of the 200 MB');
  });
});

describe('work without a word', () => {
  test('is told of once, and ends the agent in the end', () => {
    expect(steps(watch(work(31, 2.5))).slice(0, 2)).toEqual([
      {
        look: 300,
        text: 'The agent, with all that it started, has kept 2.5 cores busy for 10 minutes without a word, and is ended after 30 minutes of it. Interrupt or stop the agent if that is not meant',
      },
      {
        look: 900,
        text: 'The agent, with all that it started, kept 2.5 cores busy for 30 minutes without a word, longer than BATON_AGENT_CPU_MINUTES allows (30 minutes), and was ended. Send a prompt to go on where it was',
      },
    ]);
  });

  test("is nobody's business while the agent speaks, or keeps fewer cores busy", () => {
    const speaks = work(40, 4).map((use) => ({ ...use, silentSince: Math.floor(use.at / (9 * MINUTE)) * 9 * MINUTE }));
    expect(steps(watch(speaks))).toEqual([]);
    expect(steps(watch(work(40, 1.5)))).toEqual([]);
    expect(steps(watch(work(40, 2.5, { sessions: 2 })))).toEqual([]);
  });

  test('is told of again in another silence, and ends nothing where that was not asked for', () => {
    const two = work(60, 3).map((use) => ({ ...use, silentSince: use.at < 20 * MINUTE ? 0 : 20 * MINUTE }));
    const said = steps(watch(two, { ...LIMITS, busyMs: 0 }));
    expect(said.map(({ look }) => look)).toEqual([300, 900]);
    expect(said[0]?.text).not.toContain('ended');
  });

  test('counts from the last look at the work, also when the measuring began anew', () => {
    const again = work(20, 3).map((use) => ({ ...use, cpuMs: use.cpuMs % (9 * MINUTE * 3) }));
    expect(steps(watch(again))).toEqual([]);
  });
});
