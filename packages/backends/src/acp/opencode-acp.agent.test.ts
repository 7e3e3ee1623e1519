import { type Rehearsal, startRehearsal } from '@baton/rehearsal';
import { createOpencodeConfig } from '@baton/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createPlace, openAcp, type OpenAcp, type OpenChoice, type Place, programOf } from './__fixtures__/open-acp.ts';
import { ACP_PRESETS } from './presets.ts';

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

// Its own catalogue of models is on the net; this provider brings its own.
function toConfig(): string {
  const models = { scripted: { name: 'Scripted', tool_call: true, limit: { context: 128_000, output: 8000 } } };
  const options = { baseURL: `${rehearsal.url}/v1`, apiKey: rehearsal.apiKey };
  const provider = { rehearsal: { npm: '@ai-sdk/openai-compatible', name: 'Rehearsal', options, models } };
  const model = 'rehearsal/scripted';
  const permission = { bash: 'ask', edit: 'ask' };
  return JSON.stringify({
    share: 'disabled',
    autoupdate: false,
    model,
    small_model: model,
    enabled_providers: ['rehearsal'],
    provider,
    permission,
  });
}

function open(more: Partial<OpenChoice> = {}): OpenAcp {
  const preset = ACP_PRESETS.find(({ id }) => id === 'opencode-acp');
  if (preset === undefined) throw new Error('There is no preset for OpenCode');
  const env = {
    OPENCODE_CONFIG_CONTENT: toConfig(),
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
    ...createOpencodeConfig(place.home),
  };
  const opencode = openAcp({
    place,
    definition: { ...preset, command: programOf('opencode') },
    ...more,
    open: { ...more.open, env },
  });
  opened.push(opencode);
  return opencode;
}

const calls = (agent: OpenAcp) =>
  agent.of('item.ended').flatMap(({ item }) => (item.type === 'tool-call' ? [item] : []));
const said = (agent: OpenAcp): string =>
  agent
    .of('item.ended')
    .flatMap(({ item }) => (item.type === 'agent-message' ? [item.text] : []))
    .join('\n');

test('streams, asks, edits, is interrupted, goes on and branches', async () => {
  const first = open();
  expect(await first.run('[scene simple] hello')).toMatchObject({ outcome: 'completed', usage: expect.anything() });
  expect(said(first)).toBe('Hello from the rehearsal. I heard you.');
  const allowed = first.run('[scene approval] Write the note');
  await first.answer('allow-once');
  expect(await allowed).toMatchObject({ outcome: 'completed' });
  expect(await first.read('note.txt')).toBe('hello\n');
  const denied = first.run('[scene approval] Write the note');
  await first.answer('deny-once', 2);
  await denied;
  expect(calls(first).map(({ title, status }) => [title, status])).toEqual([
    ["printf 'hello\\n' > note.txt", 'completed'],
    ["printf 'hello\\n' > note.txt", 'denied'],
  ]);
  const cut = first.run('[scene long-stream] go');
  const before = first.of('item.delta').length;
  await first.nth('item.delta', before + 3);
  await first.session.interrupt?.();
  expect(await cut).toMatchObject({ outcome: 'interrupted' });
  const nativeId = first.of('agent.ready')[0]?.nativeId ?? '';
  await first.session.stop();
  expect(first.reports.at(-1)).toMatchObject({ type: 'agent.exited', expected: true });

  const second = open({ open: { nativeId } });
  expect(await second.run('[scene simple] again')).toMatchObject({ outcome: 'completed' });
  expect(said(second)).toBe('Hello from the rehearsal. I heard you.');
  await second.session.stop();

  const branched = open({ open: { branch: { kind: 'fork', nativeId } } });
  expect(await branched.run('[scene simple] elsewhere')).toMatchObject({ outcome: 'completed' });
  expect(said(branched)).toBe('Hello from the rehearsal. I heard you.');
  expect(branched.of('agent.ready')[0]?.nativeId).not.toBe(nativeId);
});
