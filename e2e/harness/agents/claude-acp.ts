import { dirname, join } from 'node:path';
import { parseScenario } from '@baton/rehearsal';
import { type AgentUnderTest, AGENTS_FOLDER, COMPILE_CACHE, folderWith } from './agent-under-test.ts';
import { CLAUDE } from './claude.ts';
import { PRIVATE_POINT } from './reasons.ts';
import { TOLD_LATER } from './told-later.ts';

const PROGRAMS = folderWith('claude-agent-acp');
// It needs a newer Node than the machine may have.
const NODE = join(AGENTS_FOLDER, '..', '..', 'node_modules', '.bin');

// It offers to allow edits for good, and no command that it knows no rule for.
const EDITS = parseScenario(`
title: A file in every turn
turns:
  - when: again
    steps:
      - call: { tool: write, input: { path: two.txt, content: "two\\n" } }
      - say: Done.
  - steps:
      - call: { tool: write, input: { path: one.txt, content: "one\\n" } }
      - say: Done.
`);

export const CLAUDE_ACP: AgentUnderTest = {
  ...CLAUDE,
  name: 'Claude Code over ACP 0.100.0',
  backend: 'claude-acp',
  serverEnv: { PATH: `${PROGRAMS}:${NODE}:${process.env['PATH'] ?? ''}` },
  program: { name: 'claude-agent-acp', env: (path) => ({ PATH: `${dirname(path)}:${NODE}` }) },
  programs: [join(PROGRAMS, 'claude-agent-acp'), ...CLAUDE.programs],
  sessionEnv: (rehearsal) => ({
    ...CLAUDE.sessionEnv(rehearsal),
    CLAUDE_CODE_EXECUTABLE: CLAUDE.programs[0] ?? '',
    NODE_COMPILE_CACHE: COMPILE_CACHE,
  }),
  change: { model: 'haiku', mode: 'acceptEdits' },
  scenarios: { ...CLAUDE.scenarios, 'deny-note': TOLD_LATER, always: EDITS },
  lacks: { 'fork-earlier': PRIVATE_POINT, rewind: PRIVATE_POINT },
};
