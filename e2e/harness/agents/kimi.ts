import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type AgentUnderTest, AGENTS_FOLDER, COMPILE_CACHE, folderWith } from './agent-under-test.ts';
import { LIMITED, NO_POINT } from './reasons.ts';
import { TOLD_LATER } from './told-later.ts';

const PROGRAMS = folderWith('kimi');
// It needs a newer Node than the machine may have.
const NODE = join(AGENTS_FOLDER, '..', '..', 'node_modules', '.bin');

/** A home with two models, both of which are the script. */
function createHome(url: string, apiKey: string): string {
  const home = mkdtempSync(join(tmpdir(), 'baton-kimi-'));
  const model =
    'provider = "rehearsal"\nmax_context_size = 128000\ncapabilities = ["thinking", "image_in", "tool_use"]\nsupport_efforts = ["low", "high"]\ndefault_effort = "low"';
  const text = `default_model = "a-model"
[providers.rehearsal]
type = "openai"
base_url = "${url}/v1"
api_key = "${apiKey}"
[models.a-model]
model = "a-model"
${model}
[models.other-model]
model = "other-model"
${model}
[loop_control]
max_attempts_per_step = 2
`;
  writeFileSync(join(home, 'config.toml'), text);
  return home;
}

export const KIMI: AgentUnderTest = {
  name: 'Kimi Code 2.1.0',
  backend: 'kimi',
  serverEnv: { PATH: `${PROGRAMS}:${NODE}:${process.env['PATH'] ?? ''}` },
  program: { name: 'kimi', env: (path) => ({ PATH: `${dirname(path)}:${NODE}` }) },
  programs: [join(PROGRAMS, 'kimi')],
  sessionEnv: ({ url, apiKey }) => ({ KIMI_CODE_HOME: createHome(url, apiKey), NODE_COMPILE_CACHE: COMPILE_CACHE }),
  change: { model: 'other-model', mode: 'plan' },
  effort: 'high',
  asksTogether: false,
  scenarios: { 'deny-note': TOLD_LATER },
  lacks: {
    steer: 'It refuses another prompt while a turn runs, and its protocol has no other way into one.',
    'fork-earlier': NO_POINT,
    rewind: NO_POINT,
    subagent: 'Its protocol tells nothing of what its subagents do.',
    'error-429': LIMITED,
  },
};
