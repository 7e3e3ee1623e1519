import { join } from 'node:path';
import { createOpencodeConfig } from '@baton/testkit';
import { temporaryFolder } from '../baton-process.ts';
import { type AgentUnderTest, AGENTS_FOLDER } from './agent-under-test.ts';

const PROGRAM = join(AGENTS_FOLDER, '.bin', 'opencode');

// One for all sessions: those with equal variables share a server.
let config: Record<string, string> | undefined;

const MODEL = { name: 'A model', tool_call: true, reasoning: true, attachment: true };
const LIMIT = { context: 128_000, output: 8000 };
const MODALITIES = { input: ['text', 'image'], output: ['text'] };

function toConfig(baseURL: string): string {
  const model = { ...MODEL, limit: LIMIT, modalities: MODALITIES };
  return JSON.stringify({
    share: 'disabled',
    autoupdate: false,
    model: 'rehearsal/a-model',
    small_model: 'rehearsal/a-model',
    enabled_providers: ['rehearsal'],
    provider: {
      rehearsal: {
        npm: '@ai-sdk/openai-compatible',
        name: 'Rehearsal',
        options: { baseURL, apiKey: 'rehearsal-key' },
        models: { 'a-model': model, 'other-model': model },
      },
    },
    permission: { edit: 'ask', bash: 'ask', webfetch: 'ask' },
  });
}

export const OPENCODE: AgentUnderTest = {
  name: 'OpenCode 1.18.33',
  backend: 'opencode',
  serverEnv: { BATON_OPENCODE: PROGRAM },
  program: { name: 'opencode', env: (path) => ({ BATON_OPENCODE: path }) },
  programs: [PROGRAM],
  sessionEnv: ({ url }) => ({
    ...(config ??= createOpencodeConfig(temporaryFolder('opencode'))),
    OPENCODE_CONFIG_CONTENT: toConfig(`${url}/v1`),
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
    OPENCODE_DISABLE_CLAUDE_CODE: '1',
    BATON_OPENCODE_RETRIES: '1',
  }),
  change: { model: 'rehearsal/other-model', mode: 'plan' },
  effort: 'low',
  asksTogether: false,
  lacks: {},
};
