import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseScenario, type Rehearsal, type Scenario, startRehearsal } from '@baton/rehearsal';

const AGENTS = join(import.meta.dirname, '..', '..', 'test-agents', 'node_modules');

export interface AgentUnderTest {
  name: string;
  backend: 'claude' | 'worker';
  /** Variables of the server that choose this agent. */
  serverEnv: Record<string, string>;
}

function claude(name: string, folder: string): AgentUnderTest {
  return { name, backend: 'claude', serverEnv: { BATON_CLAUDE: join(AGENTS, folder, 'bin', 'claude.exe') } };
}

/** The real agents that every behaviour is proven with. */
export const AGENTS_UNDER_TEST: readonly AgentUnderTest[] = [
  claude('Claude Code 2.1.329', 'claude-code'),
  { name: "Baton's worker", backend: 'worker', serverEnv: {} },
];

export const OLDER_CLAUDE = claude('Claude Code 2.1.197', 'claude-code-older');

export function isInstalled(agent: AgentUnderTest): boolean {
  const path = agent.serverEnv['BATON_CLAUDE'];
  return path === undefined || existsSync(path);
}

/** What a session needs in its environment to talk to a scripted model instead of a real one. */
export function rehearsalEnv(rehearsal: Rehearsal): Record<string, string> {
  return {
    ANTHROPIC_BASE_URL: rehearsal.url,
    ANTHROPIC_API_KEY: rehearsal.apiKey,
    DISABLE_TELEMETRY: '1',
    CLAUDE_CODE_MAX_RETRIES: '1',
  };
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
