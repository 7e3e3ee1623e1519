import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AGENTS_FOLDER, type BareAgent, type BarePlace, PROMPT } from './bare-agent.ts';
import { CLAUDE_AGENT, CLAUDE } from './bare-claude.ts';
import { type BareLaunch, timeProgram } from './bare-program.ts';

const PROGRAMS = join(AGENTS_FOLDER, '.bin');
// The wrapper of Claude Code needs a newer Node than the machine may have.
const NODE = join(import.meta.dirname, '..', '..', 'node_modules', '.bin');
const PATH = `${PROGRAMS}:${NODE}:${process.env['PATH'] ?? ''}`;

function measureProtocol(launch: BareLaunch): Promise<number> {
  const { cwd } = launch;
  return timeProgram(launch, async (program) => {
    const ask = (id: number, method: string, params: object) => program.write({ jsonrpc: '2.0', id, method, params });
    const clientCapabilities = { fs: { readTextFile: false, writeTextFile: false }, terminal: false };
    ask(1, 'initialize', { protocolVersion: 1, clientCapabilities });
    await program.until('"id":1,');
    ask(2, 'session/new', { cwd, mcpServers: [] });
    const opened = await program.until('"id":2,');
    const sessionId = /"sessionId":"([^"]+)"/.exec(opened)?.[1];
    if (sessionId === undefined) throw new Error(`${launch.command} opened no session: ${opened.slice(0, 500)}`);
    ask(3, 'session/prompt', { sessionId, prompt: [{ type: 'text', text: PROMPT }] });
    await program.until('"agent_message_chunk"');
  });
}

const GEMINI = join(PROGRAMS, 'gemini');
/** As Baton starts it: see the presets of its backend. */
const GEMINI_ENV = {
  GEMINI_CLI_NO_RELAUNCH: '1',
  GEMINI_CLI_TRUST_WORKSPACE: 'true',
  GEMINI_PTY_INFO: 'child_process',
  GEMINI_TELEMETRY_ENABLED: 'false',
  NO_COLOR: '1',
};

// With an address of a model in its environment it refuses a prompt on the command line unless its settings say how it signs in.
function measureGeminiArgument({ cwd, env }: BarePlace): Promise<number> {
  const home = join(env['HOME'] ?? '', 'with-settings');
  mkdirSync(join(home, '.gemini'), { recursive: true });
  const settings = { security: { auth: { selectedType: 'gemini-api-key' } } };
  writeFileSync(join(home, '.gemini', 'settings.json'), JSON.stringify(settings));
  const args = ['--output-format', 'stream-json', '-p', PROMPT];
  const own = { ...GEMINI_ENV, ...env, GEMINI_CLI_HOME: home };
  return timeProgram({ command: GEMINI, args, cwd, env: own }, async (program) => {
    program.endInput();
    await program.until('"role":"assistant"');
  });
}

export const GEMINI_AGENT: BareAgent = {
  title: 'Gemini CLI',
  backend: 'gemini',
  serverEnv: { PATH },
  sessionEnv: ({ url, apiKey }) => ({
    GEMINI_API_KEY: apiKey,
    GOOGLE_GEMINI_BASE_URL: url,
    GEMINI_MODEL: 'gemini-2.5-pro',
  }),
  bare: [
    {
      name: 'ACP',
      measure: ({ cwd, env }) =>
        measureProtocol({ command: GEMINI, args: ['--acp'], cwd, env: { ...GEMINI_ENV, ...env } }),
    },
    { name: 'prompt on the command line', measure: measureGeminiArgument },
  ],
  next: 'kept warm',
  rounds: 9,
};

export const CLAUDE_ACP_AGENT: BareAgent = {
  title: 'Claude Code by ACP',
  backend: 'claude-acp',
  serverEnv: { PATH },
  sessionEnv: (rehearsal) => ({ ...CLAUDE_AGENT.sessionEnv(rehearsal), CLAUDE_CODE_EXECUTABLE: CLAUDE }),
  bare: [
    {
      name: 'ACP',
      measure: ({ cwd, env }) =>
        measureProtocol({ command: join(PROGRAMS, 'claude-agent-acp'), args: [], cwd, env: { ...env, PATH } }),
    },
  ],
  next: 'kept warm',
  rounds: 9,
};
