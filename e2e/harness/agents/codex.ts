import { join } from 'node:path';
import { type AgentUnderTest, AGENTS_FOLDER } from './agent-under-test.ts';

const PROGRAM = join(AGENTS_FOLDER, '.bin', 'codex');

export const CODEX: AgentUnderTest = {
  name: 'Codex 0.169.0',
  backend: 'codex',
  serverEnv: { BATON_CODEX: PROGRAM },
  program: { name: 'codex', env: (path) => ({ BATON_CODEX: path }) },
  programs: [PROGRAM],
  sessionEnv: ({ url, apiKey }) => ({ OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: apiKey }),
  change: { model: 'gpt-5.5', mode: 'read-only' },
  effort: 'high',
  asksTogether: false,
  lacks: {},
};
