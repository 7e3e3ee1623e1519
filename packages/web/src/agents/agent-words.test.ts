import type { BackendView } from '@baton/protocol';
import { expect, test } from 'vitest';
import {
  canSignIn,
  groupAgents,
  toCapabilityWords,
  toInstallVersion,
  toInstallWords,
  toStanding,
} from './agent-words.ts';
import { findLinks } from './find-links.ts';

const GOOD: BackendView = {
  id: 'claude',
  title: 'Claude Code',
  kind: 'built-in',
  installed: true,
  version: '2.1.0',
  authenticated: 'yes',
  capabilities: ['approvals', 'resume'],
  models: [],
  modes: [],
};
const INSTALL = { package: 'p', command: 'npm install -g p', tested: '2.2.0', ours: false, newer: true };
const fault = (kind: 'not-executable' | 'too-old') => ({ faults: [{ kind, what: 'x', mend: 'y' }] });

test('the standing says the worst in two words', () => {
  expect(toStanding(GOOD)).toMatchObject({ words: 'Ready', ready: true });
  expect(toStanding({ ...GOOD, installed: false }).words).toBe('Not installed');
  expect(toStanding({ ...GOOD, installed: false, ...fault('not-executable') }).words).toBe('Does not run');
  expect(toStanding({ ...GOOD, authenticated: 'no' }).words).toBe('Not signed in');
  expect(toStanding({ ...GOOD, ...fault('too-old') }).words).toBe('Needs mending');
  expect(toStanding({ ...GOOD, authenticated: 'no', rehearsal: true }).words).toBe('Rehearsal');
});

test('presets that are not there wait under "more"; what works comes first', () => {
  const away = { ...GOOD, id: 'kiro', kind: 'preset' as const, installed: false };
  const missing = { ...GOOD, id: 'codex', installed: false };
  const { own, more } = groupAgents([missing, away, GOOD]);
  expect(own.map(({ id }) => id)).toEqual(['claude', 'codex']);
  expect(more.map(({ id }) => id)).toEqual(['kiro']);
});

test('buttons are there when they have something to do', () => {
  expect(toInstallWords(GOOD)).toBeUndefined();
  expect(toInstallWords({ ...GOOD, install: INSTALL })).toBe('Update to 2.2.0');
  expect(toInstallWords({ ...GOOD, install: { ...INSTALL, newer: false } })).toBeUndefined();
  expect(toInstallWords({ ...GOOD, installed: false, install: INSTALL })).toBe('Install Claude Code');
  expect(toInstallVersion({ ...GOOD, install: { ...INSTALL, latest: '3.0.0' } })).toBe('tested');
  const beyond = { ...GOOD, install: { ...INSTALL, newer: false, latest: '3.0.0' } };
  expect([toInstallWords(beyond), toInstallVersion(beyond)]).toEqual(['Update to 3.0.0', 'latest']);
  const signIn = { how: 'terminal' as const, command: 'claude auth login', inPage: true, variables: [] };
  expect(canSignIn({ ...GOOD, signIn })).toBe(false);
  expect(canSignIn({ ...GOOD, signIn, authenticated: 'unknown' })).toBe(true);
  expect(canSignIn({ ...GOOD, authenticated: 'no' })).toBe(false);
});

test('links are found in what a terminal shows, whole and once', () => {
  const esc = '\u001b';
  const text = `${esc}[1mOpen https://a.test/x?y=1&z=2${esc}[0m or\r\n(https://b.test/c). ${esc}]8;;https://d.test/e${'\u0007'}here`;
  expect(findLinks(`${text} https://a.test/x?y=1&z=2`)).toEqual([
    'https://a.test/x?y=1&z=2',
    'https://b.test/c',
    'https://d.test/e',
  ]);
  expect(findLinks('javascript:alert(1) ftp://x')).toEqual([]);
});

test('what an agent can do is one line, which breaks after a dot', () => {
  expect(toCapabilityWords(['approvals', 'live-model', 'list'])).toBe(
    'Approvals\u00a0· Changing the model\u00a0· Listing sessions',
  );
});
