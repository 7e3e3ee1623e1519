import { dirname, join } from 'node:path';
import { type AgentUnderTest, AGENTS_FOLDER } from './agent-under-test.ts';
import { CLAUDE } from './claude.ts';

const FOLDER = join(AGENTS_FOLDER, '@anthropic-ai', 'claude-agent-sdk');

export const AGENT_SDK: AgentUnderTest = {
  ...CLAUDE,
  name: 'Claude Agent SDK 0.3.316',
  backend: 'agent-sdk',
  serverEnv: { ...CLAUDE.serverEnv, BATON_AGENT_SDK: FOLDER },
  // It is a library, whose folder is named.
  program: { name: 'index.js', env: (path) => ({ BATON_AGENT_SDK: dirname(path) }) },
  programs: [FOLDER, ...CLAUDE.programs],
};
