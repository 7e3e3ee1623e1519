import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredSession } from '@baton/core';
import { type AcpAgentDefinition, toPlainText } from '@baton/protocol';
import { type Rehearsal, startRehearsal } from '@baton/rehearsal';
import { createOpencodeConfig } from '@baton/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createPlace, openAcp, type OpenAcp, type Place, programOf } from './__fixtures__/open-acp.ts';
import { ACP_PRESETS } from './presets.ts';

// Real agents, as somebody might add them under an id of their own: asked for what they keep, by themselves and beside their work.

let rehearsal: Rehearsal;
let place: Place;
const opened: OpenAcp[] = [];

beforeAll(async () => {
  rehearsal = await startRehearsal({ scenario: 'simple' });
});
afterAll(() => rehearsal.close());
beforeEach(async () => {
  place = await createPlace();
  await mkdir(join(place.cwd, '.git'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ session }) => session.stop()));
  await place.remove();
});

function toPreset(id: string): AcpAgentDefinition {
  const preset = ACP_PRESETS.find((each) => each.id === id);
  if (preset === undefined) throw new Error(`There is no preset ${id}`);
  return preset;
}

function toOpencode(): AcpAgentDefinition {
  const models = { scripted: { name: 'Scripted', tool_call: true, limit: { context: 128_000, output: 8000 } } };
  const options = { baseURL: `${rehearsal.url}/v1`, apiKey: rehearsal.apiKey };
  const provider = { rehearsal: { npm: '@ai-sdk/openai-compatible', name: 'Rehearsal', options, models } };
  const model = 'rehearsal/scripted';
  const config = { share: 'disabled', autoupdate: false, model, small_model: model, provider };
  const env = {
    OPENCODE_CONFIG_CONTENT: JSON.stringify({ ...config, enabled_providers: ['rehearsal'] }),
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
    ...createOpencodeConfig(place.home),
  };
  const preset = toPreset('opencode-acp');
  return { ...preset, id: 'my-opencode', command: programOf('opencode'), env: { ...preset.env, ...env } };
}

async function toKimi(): Promise<AcpAgentDefinition> {
  const home = join(place.home, 'kimi');
  await mkdir(home);
  const lines = [
    'default_model = "scripted"',
    '[providers.rehearsal]',
    'type = "openai"',
    `base_url = "${rehearsal.url}/v1"`,
    `api_key = "${rehearsal.apiKey}"`,
    '[models.scripted]',
    'model = "scripted"',
    'provider = "rehearsal"',
    'max_context_size = 128000',
    'capabilities = ["thinking", "tool_use"]',
  ];
  await writeFile(join(home, 'config.toml'), `${lines.join('\n')}\n`);
  return { ...toPreset('kimi'), command: programOf('kimi'), env: { KIMI_CODE_HOME: home } };
}

function toCopilot(): AcpAgentDefinition {
  const env = {
    COPILOT_PROVIDER_BASE_URL: `${rehearsal.url}/v1`,
    COPILOT_PROVIDER_API_KEY: rehearsal.apiKey,
    COPILOT_MODEL: 'scripted',
    COPILOT_OFFLINE: 'true',
  };
  return { ...toPreset('copilot'), command: programOf('copilot'), env };
}

function toQwen(): AcpAgentDefinition {
  const env = { OPENAI_BASE_URL: `${rehearsal.url}/v1`, OPENAI_API_KEY: rehearsal.apiKey, OPENAI_MODEL: 'scripted' };
  return { ...toPreset('qwen'), command: programOf('qwen'), env };
}

function toClaude(): AcpAgentDefinition {
  const env = {
    ANTHROPIC_API_KEY: rehearsal.apiKey,
    ANTHROPIC_BASE_URL: rehearsal.url,
    CLAUDE_CODE_EXECUTABLE: programOf('claude'),
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    CLAUDE_CODE_TMPDIR: place.home,
    DISABLE_TELEMETRY: '1',
  };
  const preset = toPreset('claude-acp');
  return { ...preset, id: 'my-claude', command: programOf('claude-agent-acp'), env: { ...preset.env, ...env } };
}

// What was said, as Claude's agent keeps it; at its end Claude notes once more its mode and what all of it cost. OpenCode's
// conversations are in a database.
async function readSaid(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  const kept = files.filter((file) => file.endsWith('.jsonl')).toSorted();
  const texts = await Promise.all(kept.map((file) => readFile(join(folder, file), 'utf8')));
  return texts.flatMap((text) => text.split('\n').filter((line) => !/^{"type":"(?:mode|cost-state)"/.test(line)));
}

/** What was asked, each with what was answered. */
function toTalk(stored: StoredSession | undefined): string[][] {
  const talk: string[][] = [];
  for (const { event } of stored?.events ?? []) {
    if (event.type === 'turn.started') talk.push([toPlainText(event.input)]);
    if (event.type === 'item.ended' && event.item.type === 'agent-message') talk.at(-1)?.push(event.item.text);
  }
  return talk;
}

test.each([
  ['opencode acp', toOpencode],
  ['claude-agent-acp', toClaude],
  ['kimi acp', toKimi],
  ['copilot --acp', toCopilot],
  ['qwen --acp', toQwen],
])('%s is asked for what it keeps, and reads it without changing it', async (_, toDefinition) => {
  const agent = openAcp({ place, definition: await toDefinition(), backend: { bounds: { settleMs: 200 } } });
  opened.push(agent);
  await agent.run('Water the tulips');
  await agent.run('And the marigolds');
  const nativeId = agent.of('agent.started')[0]?.nativeId ?? '';
  const told = await agent.until((report) => report.type === 'agent.told' && report.conversations !== undefined);
  expect(told).toMatchObject({ conversations: { conversations: [{ nativeId, cwd: place.cwd }], leftOut: 0 } });
  await agent.session.stop();

  const { keeper } = agent.backend;
  const signal = new AbortController().signal;
  const list = await keeper?.list({ folders: [place.cwd], signal });
  expect(list).toMatchObject({
    conversations: [{ nativeId, cwd: place.cwd, title: expect.any(String), updatedAt: expect.any(String) }],
    leftOut: 0,
  });
  const asked = rehearsal.requests().length;
  const before = await readSaid(join(place.home, '.claude'));
  const [conversation] = list?.conversations ?? [];
  if (conversation === undefined) throw new Error('It keeps nothing');
  const first = await keeper?.read(conversation, signal);
  expect(toTalk(first)).toEqual([
    ['Water the tulips', 'Hello from the rehearsal. I heard you.'],
    ['And the marigolds', 'Hello from the rehearsal. I heard you.'],
  ]);
  expect(await readSaid(join(place.home, '.claude'))).toEqual(before);
  expect(rehearsal.requests().length).toBe(asked);
  expect(await keeper?.read(conversation, signal)).toEqual(first);
  expect((await keeper?.list({ folders: [place.cwd], signal }))?.conversations).toMatchObject([
    { nativeId, cwd: place.cwd },
  ]);
  expect((await agent.backend.probe()).capabilities).toEqual(expect.arrayContaining(['list', 'resume']));
});

test('the presets whose conversations are read where they store them are not asked', () => {
  const backend = openAcp({ place, definition: toPreset('claude-acp') });
  opened.push(backend);
  expect(backend.backend.keeper).toBeUndefined();
});
