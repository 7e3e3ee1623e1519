import type { AgentUnderTest } from './agent-under-test.ts';

const NO_PROGRAM = 'It is a part of Baton and needs no program.';

const shared: Omit<AgentUnderTest, 'name' | 'sessionEnv' | 'change'> = {
  backend: 'worker',
  serverEnv: {},
  programs: [],
  effort: 'low',
  asksTogether: false,
  lacks: {
    subagent: 'It works alone: it has no subagents.',
    'agent-death': 'It runs inside the server and has no process of its own.',
    missing: NO_PROGRAM,
    'wrong-version': NO_PROGRAM,
  },
};

export const WORKER: AgentUnderTest = {
  ...shared,
  name: "Baton's worker",
  change: { model: 'claude-haiku-4-5', mode: 'accept-edits' },
  sessionEnv: ({ url, apiKey }) => ({
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: apiKey,
    BATON_WORKER_RETRIES: '1',
  }),
};

export const OPENAI_WORKER: AgentUnderTest = {
  ...shared,
  name: "Baton's worker on an OpenAI-compatible API",
  change: { model: 'other-model', mode: 'accept-edits' },
  sessionEnv: ({ url, apiKey }) => ({
    OPENAI_BASE_URL: `${url}/v1`,
    OPENAI_API_KEY: apiKey,
    OPENAI_MODEL: 'gpt-5.5',
    BATON_WORKER_RETRIES: '1',
  }),
};
