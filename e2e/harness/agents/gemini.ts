import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type AgentUnderTest, COMPILE_CACHE, folderWith } from './agent-under-test.ts';
import { NO_ASKING, NO_EFFORT, NO_FORK } from './reasons.ts';
import { TOLD_LATER } from './told-later.ts';

const PROGRAMS = folderWith('gemini');

/** A home whose settings let it ask a failing model twice. */
function createHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'baton-gemini-'));
  mkdirSync(join(home, '.gemini'));
  writeFileSync(join(home, '.gemini', 'settings.json'), JSON.stringify({ general: { maxAttempts: 2 } }));
  return home;
}

export const GEMINI: AgentUnderTest = {
  name: 'Gemini CLI 0.61.0',
  backend: 'gemini',
  serverEnv: { PATH: `${PROGRAMS}:${process.env['PATH'] ?? ''}` },
  program: { name: 'gemini', env: (path) => ({ PATH: dirname(path) }) },
  programs: [join(PROGRAMS, 'gemini')],
  sessionEnv: ({ url, apiKey }) => ({
    GEMINI_API_KEY: apiKey,
    GOOGLE_GEMINI_BASE_URL: url,
    // Two attempts at the model; with a choice of its own between models it makes more.
    GEMINI_MODEL: 'gemini-2.5-pro',
    GEMINI_CLI_HOME: createHome(),
    NODE_COMPILE_CACHE: COMPILE_CACHE,
  }),
  change: { model: 'gemini-2.5-flash', mode: 'autoEdit' },
  asksTogether: false,
  scenarios: { 'deny-note': TOLD_LATER },
  lacks: {
    plan: 'Its protocol tells how many entries its list has ("Set 2 todo(s)") and none of them.',
    question: NO_ASKING,
    steer: 'A second prompt cancels the first, and its protocol has no other way into a running turn.',
    huge: 'It gives its model all 10 MB that a command printed: the turn fails in words, because that fits no model.',
    fork: NO_FORK,
    'fork-earlier': NO_FORK,
    rewind: NO_FORK,
    subagent: 'Over its protocol it refuses to start one: it asks for leave in a way that no program can answer.',
    effort: NO_EFFORT,
  },
};
