import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../../test/test-server.ts';
import { openAgentSettings } from './agent-settings.ts';

const GOOSE = { id: 'goose', title: 'Goose', command: 'goose', args: ['acp'], env: { GOOSE_KEY: 'very-secret' } };

function open(text?: string) {
  const dataDir = makeFolder();
  const path = join(dataDir, 'agents.json');
  if (text !== undefined) writeFileSync(path, text);
  return { path, file: openAgentSettings(dataDir, new Set(['claude'])) };
}

test('no file is no agent and no problem', () => {
  expect(open().file.read()).toEqual({ agents: [], folders: [] });
});

test('what is written is read, for its owner alone, and leaves no draft', () => {
  const { file, path } = open();
  file.write({ agents: [GOOSE], folders: [{ folder: '/a', backend: 'goose' }] });
  expect(file.read()).toEqual({ agents: [GOOSE], folders: [{ folder: '/a', backend: 'goose' }] });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(existsSync(`${path}.new`)).toBe(false);
});

test('a hand may edit it while the server runs', () => {
  const { file, path } = open();
  file.read();
  writeFileSync(path, JSON.stringify({ agents: [GOOSE] }));
  expect(file.read().agents).toEqual([GOOSE]);
  expect(file.read()).toBe(file.read());
});

test('a file that others could read is closed to them', () => {
  const { file, path } = open(JSON.stringify({ agents: [GOOSE] }));
  chmodSync(path, 0o644);
  file.read();
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test.each([
  ['{"agents": [', 'not JSON'],
  ['[]', 'Cannot use'],
  ['{"agentz": []}', 'agentz'],
  ['{"agents": "x"}', 'agents: '],
  [JSON.stringify({ agents: [GOOSE, { ...GOOSE, id: 'Big' }] }), 'agents[1].id: '],
  [JSON.stringify({ agents: [GOOSE, GOOSE] }), 'agents[1].id: "goose" is the id of another agent'],
  [JSON.stringify({ agents: [{ ...GOOSE, id: 'claude' }] }), 'agents[0].id: "claude" is the id of another agent'],
  [JSON.stringify({ agents: [{ ...GOOSE, args: ['\0'] }] }), 'agents[0].args[0]: '],
  [JSON.stringify({ folders: [{ folder: 'code', backend: 'x' }] }), 'folders[0].folder: Give an absolute path'],
])('a file that is wrong says where: %s', (text, where) => {
  const { file, path } = open(text);
  const { problem } = file.read();
  expect(problem).toContain(`the agents file "${path}": `);
  expect(problem).toContain(where);
  expect(problem).not.toContain('very-secret');
  expect(() => file.write({ agents: [], folders: [] })).toThrow('Baton writes nothing to it until then.');
  expect(readFileSync(path, 'utf8')).toBe(text);
});

test('what can be read of a file holds', () => {
  const { file } = open(JSON.stringify({ agents: [{ id: '?' }, GOOSE] }));
  expect(file.read().agents).toEqual([GOOSE]);
  expect(file.read().problem).toContain('These entries are left out, and the others hold');
});

test('of a file that is wrong everywhere the first places are told', () => {
  const { file } = open(JSON.stringify({ agents: Array.from({ length: 5 }, () => ({ id: '?' })) }));
  expect(file.read().problem).toMatch(/agents\[0\].*agents\[1\].*agents\[2\].*; and 2 more\./);
});

test('a mark that an editor puts at the beginning is no fault', () => {
  expect(open(`\ufeff${JSON.stringify({ agents: [GOOSE] })}`).file.read()).toEqual({ agents: [GOOSE], folders: [] });
});

// The first would be waited for, the second read until the memory is full, the third cannot even be looked at.
test.runIf(process.platform === 'linux').each(['pipe', 'device', 'circle'])(
  'what is no file is a problem: %s',
  (what) => {
    const { file, path } = open();
    if (what === 'pipe') spawnSync('mkfifo', [path]);
    else symlinkSync(what === 'device' ? '/dev/zero' : 'agents.json', path);
    expect(file.read()).toMatchObject({ agents: [], problem: expect.stringContaining('move it away') });
  },
);
