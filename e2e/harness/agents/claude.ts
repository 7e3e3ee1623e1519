import { join } from 'node:path';
import { type AgentUnderTest, AGENTS_FOLDER } from './agent-under-test.ts';

function claude(name: string, folder: string): AgentUnderTest {
  const program = join(AGENTS_FOLDER, folder, 'bin', 'claude.exe');
  return {
    name,
    backend: 'claude',
    serverEnv: { BATON_CLAUDE: program },
    programVariable: 'BATON_CLAUDE',
    programs: [program],
    sessionEnv: ({ url, apiKey }) => ({
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: apiKey,
      DISABLE_TELEMETRY: '1',
      CLAUDE_CODE_MAX_RETRIES: '1',
    }),
    change: { model: 'haiku', mode: 'acceptEdits' },
    asksTogether: false,
    lacks: {},
  };
}

export const CLAUDE = claude('Claude Code 2.1.329', 'claude-code');
export const OLDER_CLAUDE = claude('Claude Code 2.1.197', 'claude-code-older');
