import { join } from 'node:path';
import { type AgentUnderTest, AGENTS_FOLDER } from './agent-under-test.ts';
import { CLAUDE } from './claude.ts';

const PROGRAMS = join(AGENTS_FOLDER, '.bin');
// It needs a newer Node than the machine may have.
const NODE = join(AGENTS_FOLDER, '..', '..', 'node_modules', '.bin');

export const CLAUDE_ACP: AgentUnderTest = {
  ...CLAUDE,
  name: 'Claude Code over ACP 0.100.0',
  backend: 'claude-acp',
  serverEnv: { PATH: `${PROGRAMS}:${NODE}:${process.env['PATH'] ?? ''}` },
  programs: [join(PROGRAMS, 'claude-agent-acp'), ...CLAUDE.programs],
  sessionEnv: (rehearsal) => ({
    ...CLAUDE.sessionEnv(rehearsal),
    CLAUDE_CODE_EXECUTABLE: CLAUDE.programs[0] ?? '',
  }),
  change: { model: 'haiku', mode: 'acceptEdits' },
  lacks: {},
};
