import { expect, test } from 'vitest';
import { readSettings } from '../settings.ts';
import { toFingerprint, toRunnerSettings } from './runner-settings.ts';

const PROGRAM = ['/usr/bin/node', 'baton.js', 'runner'];

function fingerprint(env: Record<string, string>): string {
  return toFingerprint(toRunnerSettings(readSettings({ HOME: '/home/u', BATON_DATA: '/data', ...env })), PROGRAM);
}

test('another terminal does not make another runner; another key, path or agent does', () => {
  const known = fingerprint({ PATH: '/bin', ANTHROPIC_API_KEY: 'one' });
  const same = { PATH: '/bin', ANTHROPIC_API_KEY: 'one' };
  expect(fingerprint({ ...same, TERM: 'xterm', PWD: '/x', SSH_TTY: '/dev/pts/1', BATON_PORT: '80' })).toBe(known);
  expect(fingerprint({ ...same, ANTHROPIC_API_KEY: 'two' })).not.toBe(known);
  expect(fingerprint({ ...same, PATH: '/usr/bin' })).not.toBe(known);
  expect(fingerprint({ ...same, BATON_CLAUDE: '/opt/claude' })).not.toBe(known);
});

test('a runner is not told the keys of the server', () => {
  const settings = readSettings({
    HOME: '/h',
    BATON_OWNER_KEY: 'baton_owner_key_0123456789',
    BATON_KEY: 'other',
    A: '1',
  });
  expect(toRunnerSettings(settings).env).toEqual({ HOME: '/h', A: '1' });
});
