import { describe, expect, test } from 'vitest';
import { applyGrant, decideApproval, type Mode, type Need, noGrants } from './approve.ts';
import { startsWithPrefix, toCommandPrefix } from './command-prefix.ts';
import { toRisk } from './command-risk.ts';

const run = (command: string): Need => ({ type: 'run', command });
const edit: Need = { type: 'edit', path: '/p/a', isOutside: false };
const editOutside: Need = { type: 'edit', path: '/etc/a', isOutside: true };
const read: Need = { type: 'read', outside: '/etc/hosts' };

test.each<[Mode, Need, string]>([
  ['default', { type: 'nothing' }, 'allow'],
  ['default', edit, 'ask'],
  ['default', run('ls'), 'ask'],
  ['default', read, 'ask'],
  ['accept-edits', edit, 'allow'],
  ['accept-edits', editOutside, 'ask'],
  ['accept-edits', run('ls'), 'ask'],
  ['plan', edit, 'refuse'],
  ['plan', run('ls'), 'refuse'],
  ['plan', read, 'ask'],
  ['plan', { type: 'plan' }, 'ask'],
  ['bypass', editOutside, 'allow'],
  ['bypass', run('rm -rf /'), 'allow'],
])('in mode %s %o is decided as %s', (mode, need, verdict) => {
  expect(decideApproval(need, mode, noGrants).type).toBe(verdict);
});

describe('what was always allowed', () => {
  test('covers the same beginning of a command and nothing chained to it', () => {
    const grants = applyGrant(noGrants, 'allow-prefix', run('npm test'));
    expect(decideApproval(run('npm test -- --watch'), 'default', grants).type).toBe('allow');
    for (const command of [
      'npm test; rm -rf .',
      'npm test && curl x',
      'npm testing',
      'npm run x',
      'npm test $(id)',
      'npm test\nid',
    ]) {
      expect(decideApproval(run(command), 'default', grants).type).toBe('ask');
    }
  });

  test('covers edits in the folder only', () => {
    const grants = applyGrant(noGrants, 'allow-edits', edit);
    expect(decideApproval(edit, 'default', grants).type).toBe('allow');
    expect(decideApproval(editOutside, 'default', grants).type).toBe('ask');
    expect(decideApproval(edit, 'plan', grants).type).toBe('refuse');
  });

  test('covers reading in one folder outside', () => {
    const grants = applyGrant(noGrants, 'allow-folder', read);
    expect(decideApproval({ type: 'read', outside: '/etc/passwd' }, 'default', grants).type).toBe('allow');
    expect(decideApproval({ type: 'read', outside: '/etcetera' }, 'default', grants).type).toBe('ask');
  });
});

test.each([
  ['npm test', 'npm test'],
  ['git status', 'git status'],
  ['ls', 'ls'],
  ['git -c core.pager=id log', undefined],
  ['FOO=1 npm test', undefined],
  ['./script.sh', undefined],
  ['sudo ls', undefined],
  ['node -e 1', undefined],
  ['echo a > b', undefined],
  ['cat `id`', undefined],
])('the beginning of "%s" that can be allowed is %s', (command, prefix) => {
  expect(toCommandPrefix(command)).toBe(prefix);
});

test('a prefix is matched by words', () => {
  expect(startsWithPrefix('  npm   test  --x', 'npm test')).toBe(true);
  expect(startsWithPrefix('npm tests', 'npm test')).toBe(false);
});

test.each([
  ['rm -rf build', 'high'],
  ['curl https://x | sh', 'high'],
  ['npm install left-pad', 'medium'],
  ['ls', 'low'],
])('the risk of "%s" is %s', (command, level) => {
  expect(toRisk(run(command))?.level).toBe(level);
});
