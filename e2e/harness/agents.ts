import { parseScenario, type Rehearsal, type Scenario, startRehearsal } from '@baton/rehearsal';
import { CLAUDE } from './agents/claude.ts';
import { WORKER } from './agents/worker.ts';

/** What a session of the worker or of Claude Code needs to talk to a scripted model instead of a real one. */
export function rehearsalEnv(rehearsal: Rehearsal): Record<string, string> {
  return { ...WORKER.sessionEnv(rehearsal), ...CLAUDE.sessionEnv(rehearsal) };
}

export async function withScenario<T>(
  scenario: string | Scenario,
  run: (env: Record<string, string>, rehearsal: Rehearsal) => Promise<T>,
): Promise<T> {
  const rehearsal = await startRehearsal({ scenario });
  try {
    return await run(rehearsalEnv(rehearsal), rehearsal);
  } finally {
    await rehearsal.close();
  }
}

/** An answer of some seconds: long enough to cut, reload or stop in its middle, short enough to wait for its end. */
export const STORY = parseScenario(`
title: A story of some seconds
pace: 15
turns:
  - steps:
      - say: "The story begins. "
      - say: { text: "One word follows another, and the reader waits for the next. ", repeat: 25 }
      - say: The story ends.
`);
