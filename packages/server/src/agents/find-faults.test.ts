import type { BackendView } from '@baton/protocol';
import { expect, test } from 'vitest';
import { compareVersions, toOldest } from './compare-versions.ts';
import { findFaults, type Inspection } from './find-faults.ts';
import { toNodeFolder } from './inspect-program.ts';
import { KNOWN_AGENTS } from './known-agent.ts';

const CLAUDE = KNOWN_AGENTS.find(({ id }) => id === 'claude');
const GOOD: BackendView = {
  id: 'claude',
  title: 'Claude Code',
  installed: true,
  version: '2.1.329',
  path: '/usr/bin/claude',
  authenticated: 'yes',
  capabilities: [],
  models: [],
  modes: [],
};

function find(seen: Partial<Inspection>, view: Partial<BackendView> = {}) {
  const known = 'known' in seen ? seen.known : CLAUDE;
  return findFaults({ installCommand: 'npm i -g x', env: {}, ...seen, known, view: { ...GOOD, ...view } });
}
const kinds = (...given: Parameters<typeof find>) => find(...given).map(({ kind }) => kind);

test('an agent in order has none', () => {
  expect(find({})).toEqual([]);
});

test('a script that nothing can run', () => {
  expect(find({ interpreter: '/gone/python' })).toEqual([
    {
      kind: 'does-not-run',
      what: 'Claude Code is a script for "/gone/python", which is not there',
      mend: 'Install it again, or run: npm i -g x',
    },
  ]);
});

test('not there, there and not to be run, there and broken: each with its own mend', () => {
  expect(find({}, { installed: false, problem: 'Nothing.' })).toEqual([
    { kind: 'not-found', what: 'Claude Code is not on this machine', mend: 'Install it, or run: npm i -g x' },
  ]);
  expect(find({ lame: '/bin/claude' }, { installed: false })).toEqual([
    {
      kind: 'not-executable',
      what: '/bin/claude is there and cannot be run',
      mend: 'Allow it: chmod +x "/bin/claude"',
    },
  ]);
  const problem = '/bin/claude does not run: it gave no version. Install Claude Code again';
  expect(find({}, { installed: false, problem })[0]).toMatchObject({
    kind: 'does-not-run',
    what: '/bin/claude does not run: it gave no version',
  });
  const slow = '/bin/claude does not answer: it gave no version within 10 s. The machine may be too busy: try again';
  expect(find({}, { installed: false, problem: slow })[0]).toMatchObject({
    kind: 'does-not-run',
    what: '/bin/claude does not answer: it gave no version within 10 s',
    mend: 'The machine may be too busy: try again',
  });
});

test('a configured agent tells what its backend tells', () => {
  const problem = 'Goose is not installed (looked in PATH). Install the program "goose", or give its whole path.';
  expect(find({ known: undefined, installCommand: undefined }, { installed: false, problem })).toEqual([
    {
      kind: 'not-found',
      what: 'Goose is not installed (looked in PATH)',
      mend: 'Install the program "goose", or give its whole path',
    },
  ]);
});

test('too old, by numbers and not by letters', () => {
  expect(kinds({}, { version: '2.1.196' })).toEqual(['too-old']);
  expect(kinds({}, { version: '2.1.1000' })).toEqual([]);
  expect(kinds({}, { version: 'dev' })).toEqual([]);
  expect(compareVersions('1.10.0', '1.9.9')).toBeGreaterThan(0);
  expect(compareVersions('2.0', '2.0.0-beta')).toBe(0);
});

test('not signed in names both ways', () => {
  expect(find({}, { authenticated: 'no' })[0]).toEqual({
    kind: 'not-signed-in',
    what: 'Claude Code is not signed in',
    mend: 'Sign in, or set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN where Baton starts',
  });
});

test.each([
  ['claude', { HTTPS_PROXY: 'socks5://10.0.0.1' }, true],
  ['claude', { all_proxy: 'http://10.0.0.1' }, true],
  ['claude', { HTTPS_PROXY: 'http://10.0.0.1', ALL_PROXY: 'socks5://10.0.0.1' }, false],
  ['codex', { ALL_PROXY: 'socks5://10.0.0.1' }, false],
  ['opencode', { HTTPS_PROXY: 'http://10.0.0.1' }, true],
  ['opencode', { HTTPS_PROXY: 'http://10.0.0.1', NO_PROXY: 'corp, localhost' }, false],
  ['worker', { HTTPS_PROXY: 'http://10.0.0.1' }, true],
  ['worker', { HTTPS_PROXY: 'http://10.0.0.1', NODE_USE_ENV_PROXY: '1' }, false],
])('%s with %o: proxy fault %s', (id, env, isFault) => {
  const known = KNOWN_AGENTS.find((agent) => agent.id === id);
  expect(kinds({ known, env }).includes('proxy-ignored')).toBe(isFault);
});

test('a script of Node on the wrong Node, or on none', () => {
  const node = { version: '18.2.0', under: '18.2.0' };
  expect(kinds({ script: { needs: '20.0.0', foundUnder: '22.3.0' }, node })).toEqual(['node-too-old', 'other-node']);
  expect(kinds({ script: { needs: '18', foundUnder: '18.2.0' }, node })).toEqual([]);
  expect(kinds({ script: {} })).toEqual(['other-node']);
  expect(kinds({ script: { foundUnder: '22.3.0' }, node: { version: '24.1.0' } })).toEqual(['other-node']);
});

test('the oldest Node of a range, and the folder of a version manager', () => {
  expect(toOldest('>=20')).toBe('20');
  expect(toOldest('^20.19.0 || >=22.12.0')).toBe('20.19.0');
  expect(toOldest('>=18.0.0 <25')).toBe('18.0.0');
  expect(toOldest('*')).toBeUndefined();
  expect(toNodeFolder('/home/a/.nvm/versions/node/v22.3.0/bin/gemini')).toBe('22.3.0');
  expect(toNodeFolder('/home/a/.local/share/fnm/node-versions/v20.1.0/installation/bin/x')).toBe('20.1.0');
  expect(toNodeFolder('/usr/bin/gemini')).toBeUndefined();
});
