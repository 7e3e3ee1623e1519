import { join } from 'node:path';
import { AGENTS_FOLDER, type BareAgent, type BarePlace, PROMPT } from './bare-agent.ts';
import { timeProgram } from './bare-program.ts';

const OPENCODE = join(AGENTS_FOLDER, '.bin', 'opencode');

function toConfig(baseURL: string): string {
  const limit = { context: 128_000, output: 8000 };
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
        models: { 'a-model': { name: 'A model', tool_call: true, limit } },
      },
    },
  });
}

function measureServe({ cwd, env }: BarePlace): Promise<number> {
  const args = ['serve', '--hostname', '127.0.0.1', '--port', '0'];
  return timeProgram({ command: OPENCODE, args, cwd, env }, async (program) => {
    const line = await program.until('listening on http');
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0] ?? '';
    const events = await fetch(`${url}/global/event`);
    const text = untilText(events);
    const where = `?directory=${encodeURIComponent(cwd)}`;
    const session = await post(`${url}/session${where}`, {});
    const id = /"id":"(ses[^"]+)"/.exec(session)?.[1] ?? '';
    await post(`${url}/session/${id}/prompt_async${where}`, { parts: [{ type: 'text', text: PROMPT }] });
    await text;
  });
}

async function post(url: string, body: object): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`POST ${url} answered ${response.status}: ${text.slice(0, 500)}`);
  return text;
}

async function untilText(events: Response): Promise<void> {
  const decoder = new TextDecoder();
  let seen = '';
  for await (const chunk of events.body ?? []) {
    seen += decoder.decode(chunk, { stream: true });
    if (seen.includes('"message.part.delta"')) return;
  }
  throw new Error('The events of OpenCode ended before a text');
}

// It prints whole messages only.
function measureRun({ cwd, env }: BarePlace): Promise<number> {
  return timeProgram({ command: OPENCODE, args: ['run', '--format', 'json', PROMPT], cwd, env }, async (program) => {
    program.endInput();
    await program.until('"type":"text"');
  });
}

export const OPENCODE_AGENT: BareAgent = {
  title: 'OpenCode',
  backend: 'opencode',
  serverEnv: { BATON_OPENCODE: OPENCODE },
  sessionEnv: ({ url }) => ({
    OPENCODE_CONFIG_CONTENT: toConfig(`${url}/v1`),
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
    OPENCODE_DISABLE_CLAUDE_CODE: '1',
  }),
  bare: [
    { name: 'serve', measure: measureServe },
    { name: 'run, first whole message', measure: measureRun },
  ],
  next: 'shared',
  rounds: 4,
};
