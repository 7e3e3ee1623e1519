import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rehearsal } from '@baton/rehearsal';
import { AGENTS_FOLDER, type BareAgent, type BarePlace, type BareWay, PROMPT } from './bare-agent.ts';
import { timeProgram } from './bare-program.ts';

const LAUNCHER = join(AGENTS_FOLDER, '.bin', 'codex');
// What the launcher of npm starts, and Baton itself: a Node process of some 35 ms less.
const NATIVE = join(AGENTS_FOLDER, '@openai', 'codex-linux-x64', 'vendor', 'x86_64-unknown-linux-musl', 'bin', 'codex');

/** Codex reads no address of a model from its environment; nothing is looked up elsewhere, as in a session of Baton's. */
function writeSettings({ env }: BarePlace, rehearsal: Rehearsal): void {
  const home = join(env['HOME'] ?? '', '.codex');
  mkdirSync(home, { recursive: true });
  const lines = [
    'model_provider = "rehearsal"',
    'check_for_update_on_startup = false',
    '[model_providers.rehearsal]',
    'name = "Rehearsal"',
    `base_url = "${rehearsal.url}/v1"`,
    'wire_api = "responses"',
    'env_key = "OPENAI_API_KEY"',
    '[features]',
    'plugins = false',
    '[analytics]',
    'enabled = false',
  ];
  writeFileSync(join(home, 'config.toml'), `${lines.join('\n')}\n`);
}

function measureAppServer(command: string, place: BarePlace, rehearsal: Rehearsal): Promise<number> {
  writeSettings(place, rehearsal);
  const { cwd, env } = place;
  return timeProgram({ command, args: ['app-server'], cwd, env }, async (program) => {
    const clientInfo = { name: 'bench', title: 'Bench', version: '1' };
    program.write({ id: 1, method: 'initialize', params: { clientInfo, capabilities: { experimentalApi: true } } });
    await program.until('"id":1,');
    program.write({ method: 'initialized' });
    program.write({ id: 2, method: 'thread/start', params: { cwd } });
    const started = await program.until('"id":2,');
    const threadId = /"thread":\{"id":"([^"]+)"/.exec(started)?.[1];
    if (threadId === undefined) throw new Error(`Codex began no thread: ${started.slice(0, 500)}`);
    program.write({ id: 3, method: 'turn/start', params: { threadId, input: [{ type: 'text', text: PROMPT }] } });
    await program.until('item/agentMessage/delta');
  });
}

// It prints whole messages only.
function measureExec(place: BarePlace, rehearsal: Rehearsal): Promise<number> {
  writeSettings(place, rehearsal);
  const { cwd, env } = place;
  const args = ['exec', '--json', '--skip-git-repo-check', PROMPT];
  return timeProgram({ command: LAUNCHER, args, cwd, env }, async (program) => {
    program.endInput();
    await program.until('"agent_message"');
  });
}

const PAST_LAUNCHER: BareWay = {
  name: 'app-server past the launcher',
  isSameMode: true,
  measure: (place, rehearsal) => measureAppServer(NATIVE, place, rehearsal),
};

export const CODEX_AGENT: BareAgent = {
  title: 'Codex',
  backend: 'codex',
  serverEnv: { BATON_CODEX: LAUNCHER },
  sessionEnv: ({ url, apiKey }) => ({ OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: apiKey }),
  bare: [
    { name: 'app-server', measure: (place, rehearsal) => measureAppServer(LAUNCHER, place, rehearsal) },
    ...(existsSync(NATIVE) ? [PAST_LAUNCHER] : []),
    { name: 'exec, first whole message', measure: measureExec },
  ],
  next: 'shared',
  rounds: 15,
};
