import { matchesPattern } from '../scenario/scenario.ts';
import type { ScriptedExpectation, Step, StepOf } from '../scenario/step.ts';
import type { PastRound, ToolResult } from './conversation.ts';

/** The steps of one reply, with how often the loops around them went on. */
export interface Round {
  steps: readonly Step[];
  loop: number;
  results: readonly ToolResult[];
}

export interface UnrollOptions {
  /** The replies so far. */
  rounds: readonly PastRound[];
  /** Calls the agent has no tool for are left out, and end no reply. */
  hasTool(step: StepOf<'call'>): boolean;
  /** The same for a reply of the past, when the agent may have offered other tools: by what was called in it. */
  wasMade(step: StepOf<'call'>, round: PastRound): boolean;
}

/**
 * The steps of the next reply. A script is walked anew for every request: each call step ends a reply, so the replies
 * that the conversation already holds are skipped, and `expect` reads their results to choose the branch.
 */
export function unroll(script: readonly Step[], options: UnrollOptions): Round {
  const collected: Step[] = [];
  const walk = { round: 0, loop: 0 };
  let current = 0;
  for (const { step, loop } of flatten(script, options, walk)) {
    current = loop;
    const past = options.rounds[walk.round];
    if (past === undefined) collected.push(step);
    if (step.verb !== 'call') continue;
    if (past === undefined && options.hasTool(step)) break;
    if (past !== undefined && options.wasMade(step, past)) walk.round += 1;
  }
  return { steps: collected, loop: current, results: options.rounds[walk.round - 1]?.results ?? [] };
}

interface Flat {
  step: Step;
  loop: number;
}

const END = Symbol('end of the turn');
const SURPRISE: Step[] = [{ verb: 'say', value: { text: 'That is not what I expected.' } }];

function* flatten(
  steps: readonly Step[],
  options: UnrollOptions,
  walk: { round: number; loop: number },
): Generator<Flat, typeof END | undefined> {
  const loop = walk.loop;
  for (const step of steps) {
    if (step.verb === 'loop') {
      for (let times = 1; times <= step.value.times; times += 1) {
        walk.loop = times;
        if ((yield* flatten(step.value.steps, options, walk)) === END) return END;
      }
      walk.loop = loop;
    } else if (step.verb === 'expect') {
      if (isMet(step.value, options.rounds[walk.round - 1]?.results ?? [])) continue;
      yield* flatten(step.value.otherwise ?? SURPRISE, options, walk);
      return END;
    } else {
      yield { step, loop };
    }
  }
  return undefined;
}

function isMet(expected: ScriptedExpectation, results: readonly ToolResult[]): boolean {
  const { result, error } = expected;
  if (error !== undefined && results.some((entry) => entry.isError) !== error) return false;
  return result === undefined || results.some((entry) => matchesPattern(result, entry.text));
}
