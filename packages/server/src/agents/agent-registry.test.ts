import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createScriptedBackend } from '@baton/testkit';
import { expect, test } from 'vitest';
import { makeFolder } from '../../test/test-server.ts';
import { createAgentRegistry, type AgentRegistry, type AgentSource } from './agent-registry.ts';
import { KNOWN_AGENTS } from './known-agent.ts';

interface Bench {
  registry: AgentRegistry;
  /** Writes the settings file by hand. */
  write(...agents: { id: string; title: string }[]): void;
  readonly closed: string[];
  /** The PATH that each built-in agent was made with. */
  readonly paths: string[];
  dataDir: string;
}

function createBench(): Bench {
  const dataDir = makeFolder();
  const closed: string[] = [];
  const paths: string[] = [];
  const { backend } = createScriptedBackend();
  const make = (id: string, title: string) => ({
    ...backend,
    ...{ id, title, probe: async () => ({ ...(await backend.probe()), id, title }) },
    close: async () => void closed.push(title),
  });
  const toSource = (id: string, isFixed: boolean): AgentSource => ({
    ...{ id, kind: 'built-in', command: id, isFixed },
    create({ env }) {
      paths.push(env['PATH'] ?? '');
      return make(id, id);
    },
  });
  const registry = createAgentRegistry({
    ...{ dataDir, env: { PATH: '/usr/bin' }, known: KNOWN_AGENTS, hasTerminal: async () => false },
    sources: [toSource('claude', false), toSource('codex', true)],
    createConfigured: ({ id, title }) => make(id, title),
  });
  return {
    ...{ registry, closed, paths, dataDir },
    write: (...agents) =>
      writeFileSync(
        join(dataDir, 'agents.json'),
        JSON.stringify({ agents: agents.map((agent) => ({ ...agent, command: 'x' })) }),
      ),
  };
}

const ids = ({ registry }: Bench) => registry.list().map(({ id }) => id);

test('agents come and go with the settings file, and who did not change stays the same value', async () => {
  const bench = createBench();
  expect(ids(bench)).toEqual(['claude', 'codex']);
  bench.write({ id: 'one', title: 'One' }, { id: 'two', title: 'Two' });
  expect(ids(bench)).toEqual(['claude', 'codex', 'one', 'two']);
  const before = bench.registry.find('one')?.backend;
  bench.write({ id: 'one', title: 'One' }, { id: 'two', title: 'Two, renamed' });
  expect(bench.registry.find('one')?.backend).toBe(before);
  expect(bench.registry.find('two')?.backend.title).toBe('Two, renamed');
  bench.write({ id: 'two', title: 'Two, renamed' });
  expect(ids(bench)).toEqual(['claude', 'codex', 'two']);
  expect(bench.registry.find('one')).toBeUndefined();
  await bench.registry.close();
  expect(bench.closed).toEqual(['Two', 'One']);
});

test('a file that breaks while the server runs takes only what cannot be read', () => {
  const bench = createBench();
  bench.write({ id: 'one', title: 'One' }, { id: 'claude', title: 'A second Claude' });
  expect(ids(bench)).toEqual(['claude', 'codex', 'one']);
  expect(bench.registry.settings.read().problem).toContain('agents[1].id');
});

test('what Baton installed is found first, unless the owner named the program', async () => {
  const bench = createBench();
  expect(bench.paths).toEqual([`${join(bench.dataDir, 'agents', 'claude', 'bin')}:/usr/bin`, '/usr/bin']);
  const views = await Promise.all(bench.registry.list().map((backend) => backend.probe()));
  expect(views[0]).toMatchObject({ kind: 'built-in', install: { package: '@anthropic-ai/claude-code' } });
  expect(views[0]?.signIn).toEqual({
    ...{ how: 'terminal', command: 'claude auth login', inPage: false },
    variables: ['ANTHROPIC_API_KEY', 'CLAUDE_CODE_OAUTH_TOKEN'],
  });
  expect(views[1]?.install).toBeUndefined();
});
