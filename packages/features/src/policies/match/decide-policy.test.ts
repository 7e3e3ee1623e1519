import type { PolicyRule, ToolKind } from '@baton/protocol';
import { describe, expect, it } from 'vitest';
import { decidePolicy } from './decide-policy.ts';
import { type Facts, readCommands, readPaths } from './facts.ts';

type Rule = Pick<PolicyRule, 'effect' | 'match'>;

function rule(effect: PolicyRule['effect'], match: PolicyRule['match'] = {}): Rule {
  return { effect, match };
}

const allow = (command: string) => rule('allow', { command });
const deny = (command: string) => rule('deny', { command });

function factsOf(kind: ToolKind, input: unknown, more: Partial<Facts> = {}): Facts {
  const action = { kind, tool: 'Bash', input };
  const paths = readPaths(action);
  return {
    ...{ backend: 'claude', folder: '/home/ada/app', tool: 'Bash', risk: undefined },
    ...{ commands: readCommands(action), paths },
    ...more,
  };
}

/** The effect, and the number of the rule that decided. */
function decideAll(rules: readonly Rule[], facts: Facts): string {
  const { effect, ruleId } = decidePolicy(
    rules.map((each, index) => ({ ...each, id: String(index) })),
    facts,
  );
  return ruleId === undefined ? effect : `${effect} ${ruleId}`;
}

const run = (rules: readonly Rule[], command: unknown): string => decideAll(rules, factsOf('execute', { command }));

describe('rules in order', () => {
  it('decide by the first that matches, and without one it is asked', () => {
    expect(run([], 'ls')).toBe('ask');
    expect(run([rule('deny', { tool: 'Other' }), rule('allow'), rule('deny')], 'ls')).toBe('allow 1');
    expect(run([rule('ask', { command: 'ls' }), rule('allow')], 'ls')).toBe('ask 0');
  });

  it('match only when all of their conditions do', () => {
    const both = rule('allow', { backend: 'claude', tool: 'B*', folder: '/home/ada/**', command: 'ls' });
    expect(run([both], 'ls')).toBe('allow 0');
    expect(run([both], 'pwd')).toBe('ask');
    expect(decideAll([both], factsOf('execute', { command: 'ls' }, { backend: 'codex' }))).toBe('ask');
    expect(decideAll([both], factsOf('execute', { command: 'ls' }, { folder: '/home/ada2/app' }))).toBe('ask');
  });

  it.each([
    ['/home/ada/app', true],
    ['/home/ada/*', true],
    ['/home/*', false],
    ['/home/**', true],
    ['/home/ada/app/**', true],
    ['**/app', true],
    ['/HOME/ada/app', false],
  ])('the folder %s: %s', (folder, matches) => {
    expect(run([rule('allow', { folder })], 'ls')).toBe(matches ? 'allow 0' : 'ask');
  });

  it('compare risks, and count one that is not known as too high to allow and as reason to ask before denying', () => {
    const atMost = rule('allow', { riskAtMost: 'medium' });
    for (const [risk, effect] of [
      ['low', 'allow 0'],
      ['medium', 'allow 0'],
      ['high', 'ask'],
    ] as const) {
      expect(decideAll([atMost], factsOf('execute', { command: 'ls' }, { risk }))).toBe(effect);
    }
    expect(run([atMost], 'ls')).toBe('ask');
    expect(run([rule('deny', { riskAtMost: 'high' }), rule('allow')], 'ls')).toBe('ask 0');
  });
});

describe('a command that is allowed', () => {
  it.each([
    ['git status', 'git status'],
    ['git *', 'git status'],
    ['git **', 'git push origin main --force'],
    ['git **', 'git'],
    ['npm run test:*', 'npm run test:unit'],
    ['git **', 'git commit -m "fix; and && more"'],
    ['git **', 'git status 2>&1'],
    ['git **', 'git add *.ts'],
    ['ls ** src', 'ls -l -a src'],
    ['git **', ['git', 'log']],
    ['git **', ['/bin/bash', '-lc', 'git log']],
  ])('%s: %j', (pattern, command) => {
    expect(run([allow(pattern)], command)).toBe('allow 0');
  });

  it.each([
    ['git *', 'git'],
    ['git *', 'git push origin'],
    ['git *', 'gitx status'],
    ['git *', '/tmp/git status'],
    ['git *', './git status'],
    ['git *', 'GIT status'],
    ['git status', '"git status"'],
    ['git *', 'git "$(rm -rf /)"'],
    ['git **', 'git status && rm -rf /'],
    ['git **', 'git status; rm -rf /'],
    ['git **', 'git log | sh'],
    ['git **', 'git status & rm x'],
    ['git **', 'git status\nrm x'],
    ['git **', 'rm x || git status'],
    ['git **', 'git log $(rm x)'],
    ['git **', 'git log `rm x`'],
    ['git **', 'git log > ~/.bashrc'],
    ['git **', 'git log < /etc/shadow'],
    ['git **', 'PAGER=evil git log'],
    ['git **', 'LD_PRELOAD=/tmp/x.so git log'],
    ['git **', 'git log # x \\\nrm -rf /'],
    ['git **', '(git log)'],
    ['git **', 'git() { rm x; }; git log'],
    ['git **', '$GIT log'],
    ['git **', '*git log'],
    ['git *', 'git $X'],
    ['rm build/*', 'rm $X'],
    ['git **', ['bash', '-c', 'git log; rm x']],
    ['git **', ['bash', '-c', 'git log', 'extra']],
    ['git **', ['pwsh', '-c', 'git log']],
    ['git **', ['git', 7]],
    ['git **', 'git log "unclosed'],
    ['git **', ''],
    ['git **', undefined],
  ])('is not what %s means: %j', (pattern, command) => {
    expect(run([allow(pattern)], command)).toBe('ask');
  });

  it('may have several parts when each is allowed by some rule', () => {
    const rules = [allow('git **'), allow('npm test')];
    expect(run(rules, 'git pull && npm test')).toBe('allow 0');
    expect(run(rules, 'git pull && npm test && npm publish')).toBe('ask');
    expect(run([...rules, deny('npm publish')], 'git pull && npm test && npm publish')).toBe('deny 2');
  });

  it('is not one that another kind of tool was given, or that leaves its sandbox', () => {
    expect(decideAll([allow('git **')], factsOf('mcp', { command: 'git log' }))).toBe('ask');
    const outside = { command: 'git log', dangerouslyDisableSandbox: true };
    expect(decideAll([allow('git **')], factsOf('execute', outside))).toBe('ask');
  });
});

describe('a command that is denied', () => {
  const rules = [deny('rm **'), rule('allow')];

  it.each([
    'rm -rf /',
    'ls; rm x',
    'ls && rm x',
    'ls | rm x',
    'ls\nrm x',
    'echo $(rm x)',
    'echo "`rm x`"',
    '/bin/rm x',
    '\\rm x',
    "'rm' x",
    'sudo rm x',
    'sudo -u ada rm x',
    'env FOO=1 rm x',
    'FOO=1 rm x',
    'nohup nice -n 5 rm x',
    'find . | xargs rm',
    'find . -name x -exec rm {} +',
    'sudo /usr/bin/find . -exec ls {} \\; -execdir /bin/rm {} \\;',
    'find . -exec sh -c "rm x" \\;',
    'fd -x rm',
    'rm x > log',
    'bash -c "ls; rm x"',
    'sh -c rm',
    'eval "rm x"',
    'eval rm x',
    'sudo bash -c "rm x"',
  ])('is found in %j', (command) => {
    expect(run(rules, command)).toBe('deny 0');
  });

  it.each([
    '$X y',
    'bash -c "$X"',
    'bash -c "(rm x)"',
    'eval "$X"',
    '(rm x)',
    'if a; then rm x; fi',
    '"unclosed',
    undefined,
  ])('is not let past where it cannot be told: %j', (command) => {
    expect(run(rules, command)).toBe('ask 0');
  });

  it.each(['ls', 'echo rm', 'git rm-something', 'ls $X', 'bash script.sh', 'rmdir x', 'find rm -exec ls {} +'])(
    'is not %j',
    (command) => {
      expect(run(rules, command)).toBe('allow 1');
    },
  );

  it('is not something that is no command at all', () => {
    expect(decideAll(rules, factsOf('read', { path: '/x' }))).toBe('allow 1');
  });
});

describe('paths', () => {
  const edit = (rules: readonly Rule[], paths: Facts['paths']) =>
    decideAll(rules, { ...factsOf('edit', {}), tool: 'Edit', paths });

  it('have all to match to be allowed', () => {
    const rules = [rule('allow', { path: 'src/**' })];
    expect(edit(rules, ['/home/ada/app/src/a/b.ts'])).toBe('allow 0');
    expect(edit(rules, ['/home/ada/app/src/a.ts', '/home/ada/app/x.ts'])).toBe('ask');
    expect(edit(rules, ['/home/ada/app2/src/a.ts'])).toBe('ask');
    expect(edit(rules, 'unknown')).toBe('ask');
    expect(edit(rules, 'none')).toBe('ask');
  });

  it('are denied when any matches, and asked about when they cannot be told', () => {
    const rules = [rule('deny', { path: '**/.env' }), rule('allow')];
    expect(edit(rules, ['/home/ada/app/a.ts', '/home/ada/app/.env'])).toBe('deny 0');
    expect(edit(rules, ['/home/ada/app/a.env'])).toBe('allow 1');
    expect(edit(rules, 'unknown')).toBe('ask 0');
    expect(run(rules, 'ls')).toBe('allow 1');
  });

  it.each([
    ['src/*.ts', '/home/ada/app/src/a.ts', true],
    ['src/*.ts', '/home/ada/app/src/a/b.ts', false],
    ['src/?.ts', '/home/ada/app/src/a.ts', true],
    ['./src/**', '/home/ada/app/src/a.ts', true],
    ['/etc/**', '/etc/passwd', true],
    ['/etc/*', '/etc/a/b', false],
    ['a+(b).ts', '/home/ada/app/a+(b).ts', true],
    ['a.ts', '/home/ada/app/axts', false],
    ['**/*.pem', '/home/ada/x/y.pem', true],
    ['*', '/home/ada/app/x', true],
    ['*', '/home/ada/x', false],
  ])('the pattern %s and %s: %s', (path, actual, matches) => {
    expect(edit([rule('allow', { path })], [actual])).toBe(matches ? 'allow 0' : 'ask');
  });
});

describe('what an action names', () => {
  it.each([
    [{ file_path: '/a' }, ['/a']],
    [{ path: 'a', old: 'x' }, ['a']],
    [{ changes: { '/a': { type: 'update', move_path: '/b' } } }, ['/a', '/b']],
    [{ changes: [{ path: '/a', kind: 'add' }] }, ['/a']],
    [{ from: 'a', to: 'b' }, ['a', 'b']],
    [{ paths: ['a', 'b'] }, ['a', 'b']],
    [{ paths: ['a', 7] }, 'unknown'],
    [{ path: '' }, 'unknown'],
    [{}, 'unknown'],
    [null, 'unknown'],
  ])('%j: %j', (input, paths) => {
    expect(readPaths({ kind: 'edit', tool: 'Edit', input })).toEqual(paths);
  });
});
