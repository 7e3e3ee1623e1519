import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Rehearsal, startRehearsal } from '@baton/rehearsal';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createPlace, openAcp, type OpenAcp, type OpenChoice, type Place, programOf } from './__fixtures__/open-acp.ts';
import { ACP_PRESETS } from './presets.ts';

// One conversation each: these programs take seconds to start. What more they can and cannot is in the README.
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

let rehearsal: Rehearsal;
let place: Place;
const opened: OpenAcp[] = [];

beforeAll(async () => {
  rehearsal = await startRehearsal({ scenario: 'simple' });
});
afterAll(() => rehearsal.close());
beforeEach(async () => {
  place = await createPlace();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ session }) => session.stop()));
  await place.remove();
});

function open(id: string, more: Partial<OpenChoice> = {}): OpenAcp {
  const preset = ACP_PRESETS.find((each) => each.id === id);
  if (preset === undefined) throw new Error(`There is no preset ${id}`);
  const agent = openAcp({ place, definition: { ...preset, command: programOf(preset.command) }, ...more });
  opened.push(agent);
  return agent;
}

const items = (agent: OpenAcp) => agent.of('item.ended').map(({ item }) => item);
const calls = (agent: OpenAcp) => items(agent).flatMap((item) => (item.type === 'tool-call' ? [item] : []));
const said = (agent: OpenAcp): string =>
  items(agent)
    .flatMap((item) => (item.type === 'agent-message' ? [item.text] : []))
    .join('\n');

const isSleeping = (pid: string): boolean => {
  try {
    return (
      readlinkSync(`/proc/${pid}/cwd`) === place.cwd && readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('sleep')
    );
  } catch {
    return false;
  }
};
/** Processes of the command that takes long, in the session's own folder. */
const findCommands = (): string[] => readdirSync('/proc').filter(isSleeping);

/** A turn as it was told, with what its one request to the model used. */
async function streams(agent: OpenAcp): Promise<void> {
  const usage = { inputTokens: 1050, outputTokens: 20, cacheReadTokens: 100 };
  expect(await agent.run('[scene simple] hello')).toMatchObject({ outcome: 'completed', usage });
  expect(said(agent)).toBe('Hello from the rehearsal. I heard you.');
  expect(agent.of('item.delta').length).toBeGreaterThan(3);
}

async function asks(agent: OpenAcp): Promise<void> {
  const before = agent.of('approval.requested').length;
  const allowed = agent.run('[scene approval] Write the note');
  await agent.answer('allow-once', before + 1);
  expect(await allowed).toMatchObject({ outcome: 'completed' });
  expect(await agent.read('note.txt')).toBe('hello\n');
  const denied = agent.run('[scene approval] Write the note');
  await agent.answer('deny-once', before + 2);
  expect(await denied).toMatchObject({ outcome: 'completed' });
  const title = "printf 'hello\\n' > note.txt";
  const asked = agent.of('approval.requested').slice(before);
  expect(asked.map((each) => each.title)).toEqual([title, title]);
  expect(calls(agent).slice(-2)).toMatchObject([{ status: 'completed' }, { status: 'denied' }]);
}

async function isInterrupted(agent: OpenAcp): Promise<void> {
  const turn = agent.run('[scene long-stream] go');
  await agent.nth('item.delta', agent.of('item.delta').length + 3);
  await agent.session.interrupt?.();
  expect(await turn).toMatchObject({ outcome: 'interrupted' });
}

/** What a command started is gone with the turn. */
async function leavesNothing(agent: OpenAcp, { isAsked }: { isAsked: boolean }): Promise<void> {
  const turn = agent.run('[scene interrupt-tool] Run the long command');
  if (isAsked) await agent.answer('allow-once', agent.of('approval.requested').length + 1);
  await expect.poll(() => findCommands().length).toBeGreaterThan(0);
  await agent.session.interrupt?.();
  expect(await turn).toMatchObject({ outcome: 'interrupted' });
  await expect.poll(findCommands).toEqual([]);
}

async function seesImages(agent: OpenAcp): Promise<void> {
  await agent.run([
    { type: 'text', text: '[scene image] What is it?' },
    { type: 'image', mediaType: 'image/png', data: PIXEL },
  ]);
  expect(said(agent)).toContain('I see 1: image/png');
}

async function fails(agent: OpenAcp): Promise<void> {
  const ended = await agent.run('[scene errors] 401');
  expect(ended).toMatchObject({ outcome: 'failed', error: { kind: 'backend-not-authenticated' } });
}

async function takesModes(agent: OpenAcp, mode: string): Promise<void> {
  await agent.session.configure?.({ mode });
  await expect(agent.session.configure?.({ mode: 'fly' })).rejects.toMatchObject({ kind: 'invalid-input' });
}

/** Killed, and found again with all that was said. */
async function isFoundAgain(agent: OpenAcp, again: (nativeId: string) => OpenAcp): Promise<void> {
  const { nativeId = '' } = agent.of('agent.ready')[0] ?? {};
  process.kill((await agent.nth('agent.started')).pid ?? 0, 'SIGKILL');
  expect(await agent.nth('agent.exited')).toMatchObject({ failure: { kind: 'agent-exited' } });
  const next = again(nativeId);
  expect(await next.run('[scene simple] again')).toMatchObject({ outcome: 'completed' });
  // Nothing of what was said before is said again.
  expect(said(next)).toBe('Hello from the rehearsal. I heard you.');
  expect(JSON.stringify(rehearsal.requests().findLast(({ kind }) => kind === 'main')?.body)).toContain('hello');
}

test('GitHub Copilot', async () => {
  const env = {
    COPILOT_PROVIDER_BASE_URL: `${rehearsal.url}/v1`,
    COPILOT_PROVIDER_API_KEY: rehearsal.apiKey,
    COPILOT_MODEL: 'a-model',
    COPILOT_OFFLINE: 'true',
  };
  const copilot = open('copilot', { env });
  await streams(copilot);
  await leavesNothing(copilot, { isAsked: true });
  await asks(copilot);
  await isInterrupted(copilot);
  await seesImages(copilot);
  await fails(copilot);
  await takesModes(copilot, 'https://agentclientprotocol.com/protocol/session-modes#plan');
  await isFoundAgain(copilot, (nativeId) => open('copilot', { env, open: { nativeId } }));
  // It says how its turns go, and how they fail, with no word that Baton would not know.
  expect(copilot.of('raw.received')).toEqual([]);
});

test('Qwen Code', async () => {
  // It sends images only to models that it knows can see.
  const env = {
    OPENAI_BASE_URL: `${rehearsal.url}/v1`,
    OPENAI_API_KEY: rehearsal.apiKey,
    OPENAI_MODEL: 'qwen3-vl-plus',
  };
  const qwen = open('qwen', { env });
  await streams(qwen);
  await leavesNothing(qwen, { isAsked: true });
  await asks(qwen);
  expect(calls(qwen).at(-2)).toMatchObject({ tool: 'run_shell_command', output: [{ type: 'terminal', exitCode: 0 }] });
  await isInterrupted(qwen);
  await seesImages(qwen);
  await fails(qwen);
  await takesModes(qwen, 'plan');
  await isFoundAgain(qwen, (nativeId) => open('qwen', { env, open: { nativeId } }));
});

test('Codex over ACP', async () => {
  const home = join(place.home, '.codex');
  await mkdir(home);
  const provider = `name = "R"\nbase_url = "${rehearsal.url}/v1"\nenv_key = "OPENAI_API_KEY"\nwire_api = "responses"\n`;
  const retries = 'request_max_retries = 0\nstream_max_retries = 0\n';
  const text = `model_provider = "rehearsal"\n[model_providers.rehearsal]\n${provider}${retries}`;
  await writeFile(join(home, 'config.toml'), text);
  const env = { OPENAI_API_KEY: rehearsal.apiKey, CODEX_HOME: home, CODEX_PATH: programOf('codex') };
  const codex = open('codex-acp', { env });
  await streams(codex);
  // Its sandbox lets commands write in the folder, so nobody is asked.
  expect(await codex.run('[scene approval] Write the note')).toMatchObject({ outcome: 'completed' });
  await leavesNothing(codex, { isAsked: false });
  await isInterrupted(codex);
  await seesImages(codex);
  await fails(codex);
  expect(await codex.run('[scene errors] 500')).toMatchObject({ outcome: 'failed', error: { kind: 'model-failed' } });
  await takesModes(codex, 'read-only');
  await isFoundAgain(codex, (nativeId) => open('codex-acp', { env, open: { nativeId } }));
});
