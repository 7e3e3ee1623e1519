import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeFolder } from '../../test/test-server.ts';
import { createAgents } from '../compose-backends.ts';
import { toOwnMarker } from '../runner/to-runner-marker.ts';
import { createRehearsals } from '../rehearsal/rehearsal-models.ts';
import { readSettings } from '../settings.ts';
import type { AgentRegistry } from './agent-registry.ts';
import { rehearseAgent } from './rehearse-agent.ts';

// Real programs on a busy machine of two cores.
const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const PROGRAMS = ['test-agents/node_modules/.bin', 'node_modules/.bin'].map((folder) => join(ROOT, folder));

/** The server's own agents, found among those that the tests install; the owner's home must stay as it is. */
function createTestAgents(): { registry: AgentRegistry; home: string; dataDir: string } {
  const [home, dataDir] = [makeFolder(), makeFolder()];
  const PATH = [...PROGRAMS, process.env['PATH'] ?? ''].join(delimiter);
  const settings = readSettings({ PATH, HOME: home, BATON_DATA: dataDir, ANTHROPIC_API_KEY: 'the-owner-s-real-key' });
  const rehearsals = createRehearsals();
  const registry = createAgents(settings, { rehearsal: rehearsals, serverMarker: toOwnMarker(settings.dataDir) });
  onTestFinished(async () => {
    await registry.close();
    await rehearsals.close();
  });
  return { registry, home, dataDir };
}

async function rehearse({ registry }: { registry: AgentRegistry }, id: string) {
  const agent = registry.find(id);
  if (agent === undefined) throw new Error(`There is no agent ${id}`);
  return rehearseAgent(agent);
}

test.each(['claude', 'codex', 'opencode', 'gemini', 'claude-acp', 'kimi', 'copilot', 'qwen', 'codex-acp'])(
  '%s answers a rehearsal and leaves nothing',
  async (id) => {
    const agents = createTestAgents();
    // Some write into their home when they are asked for their version; the rehearsal itself leaves it alone.
    await agents.registry.find(id)?.backend.probe();
    const before = readdirSync(agents.home);
    const result = await rehearse(agents, id);
    expect(result.failure).toBeUndefined();
    expect(result).toMatchObject({ ok: true, said: expect.stringContaining('Hello from the rehearsal') });
    expect(readdirSync(agents.home)).toEqual(before);
    expect(existsSync(join(agents.dataDir, 'codex'))).toBe(false);
  },
);

const BAD: Record<string, { script: string; message: RegExp; line?: RegExp }> = {
  'exits at once': {
    script: 'echo "cannot find my settings" >&2; exit 3',
    message: /3|ended/,
    line: /cannot find my settings/,
  },
  'speaks something else': {
    script: 'echo "Welcome to my shell"; head -n 1 >/dev/null; exit 0',
    message: /.+/,
    line: /Welcome to my shell/,
  },
  floods: { script: 'echo "starting" >&2; yes "this is no protocol at all"', message: /.+/ },
};

test.each(Object.entries(BAD))('a configured program that %s fails clearly', async (_, { script, message, line }) => {
  const agents = createTestAgents();
  const command = join(makeFolder(), 'bad-agent');
  writeFileSync(command, `#!/bin/sh\n${script}\n`);
  chmodSync(command, 0o755);
  agents.registry.settings.write({ agents: [{ id: 'bad', title: 'Bad', command, args: [] }], folders: [] });
  const result = await rehearse(agents, 'bad');
  expect(result.ok).toBe(false);
  expect(result.failure?.message).toMatch(message);
  const { message: why = '', lines = [] } = result.failure ?? {};
  if (line !== undefined) expect([why, ...lines].join('\n')).toMatch(line);
});

test('a configured program that is not there fails clearly', async () => {
  const agents = createTestAgents();
  const agent = { id: 'gone', title: 'Gone', command: '/nowhere/at/all', args: [] };
  agents.registry.settings.write({ agents: [agent], folders: [] });
  const result = await rehearse(agents, 'gone');
  expect(result).toMatchObject({ ok: false, failure: { message: expect.stringContaining('/nowhere/at/all') } });
});
