import { join } from 'node:path';
import { parseScenario } from '@baton/rehearsal';
import { type AgentUnderTest, AGENTS_FOLDER } from './agent-under-test.ts';

// It keeps its list with one call an entry.
const TASKS = parseScenario(`
title: A list of tasks
turns:
  - steps:
      - call: { tool: TaskCreate, input: { subject: Look around, description: Look } }
      - call: { tool: TaskCreate, input: { subject: Write the note, description: Write } }
      - call: { tool: TaskUpdate, input: { taskId: "1", status: completed } }
      - call: { tool: TaskUpdate, input: { taskId: "2", status: completed } }
      - say: The list is done.
`);

function claude(name: string, folder: string): AgentUnderTest {
  const program = join(AGENTS_FOLDER, folder, 'bin', 'claude.exe');
  return {
    name,
    backend: 'claude',
    serverEnv: { BATON_CLAUDE: program },
    program: { name: 'claude', env: (path) => ({ BATON_CLAUDE: path }) },
    programs: [program],
    sessionEnv: ({ url, apiKey }) => ({
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: apiKey,
      DISABLE_TELEMETRY: '1',
      CLAUDE_CODE_MAX_RETRIES: '1',
      // Off by default in newer versions.
      CLAUDE_CODE_ENABLE_TODO_TOOLS: '1',
    }),
    change: { model: 'haiku', mode: 'acceptEdits' },
    effort: 'low',
    asksTogether: false,
    scenarios: { plan: TASKS },
    lacks: {},
  };
}

export const CLAUDE = claude('Claude Code 2.1.329', 'claude-code');
export const OLDER_CLAUDE = claude('Claude Code 2.1.197', 'claude-code-older');
