import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type AgentUnderTest, AGENTS_FOLDER, COMPILE_CACHE, folderWith } from './agent-under-test.ts';
import { CODEX } from './codex.ts';
import { PRIVATE_POINT } from './reasons.ts';
import { TOLD_LATER } from './told-later.ts';

const PROGRAMS = folderWith('codex-acp');
// It needs a newer Node than the machine may have.
const NODE = join(AGENTS_FOLDER, '..', '..', 'node_modules', '.bin');

function createHome(url: string): string {
  const home = mkdtempSync(join(tmpdir(), 'baton-codex-acp-'));
  const text = `model_provider = "rehearsal"
[model_providers.rehearsal]
name = "Rehearsal"
base_url = "${url}/v1"
env_key = "OPENAI_API_KEY"
wire_api = "responses"
request_max_retries = 1
stream_max_retries = 1
`;
  writeFileSync(join(home, 'config.toml'), text);
  return home;
}

export const CODEX_ACP: AgentUnderTest = {
  ...CODEX,
  name: 'Codex over ACP 2.6.0',
  backend: 'codex-acp',
  serverEnv: { PATH: `${PROGRAMS}:${NODE}:${process.env['PATH'] ?? ''}` },
  program: { name: 'codex-acp', env: (path) => ({ PATH: `${dirname(path)}:${NODE}` }) },
  programs: [join(PROGRAMS, 'codex-acp'), ...CODEX.programs],
  sessionEnv: ({ url, apiKey }) => ({
    OPENAI_API_KEY: apiKey,
    CODEX_HOME: createHome(url),
    CODEX_PATH: CODEX.programs[0] ?? '',
    NODE_COMPILE_CACHE: COMPILE_CACHE,
  }),
  change: { model: 'gpt-5.5', mode: 'read-only' },
  // Inside its sandbox its model does as it likes; to leave it has to be asked for.
  runInput: { sandbox_permissions: 'require_escalated', justification: 'To see what happens' },
  scenarios: { 'deny-note': TOLD_LATER },
  lacks: { 'fork-earlier': PRIVATE_POINT, rewind: PRIVATE_POINT },
};
