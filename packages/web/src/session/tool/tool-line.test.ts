import { createPatch } from 'diff';
import { describe, expect, test } from 'vitest';
import { toCall } from '../conversation/timeline-script.ts';
import { toShortPath } from './short-path.ts';
import { toGroupLine, toToolLine } from './tool-line.ts';

const CWD = '/home/me/app';
const lineOf = (call: Parameters<typeof toCall>[0]) => {
  const { verb, object } = toToolLine(toCall(call), CWD);
  return `${verb}|${object}`;
};
const diff = (before: string, after: string) => ({
  type: 'diff' as const,
  path: `${CWD}/src/a.ts`,
  patch: createPatch('a', before, after),
  added: 12,
  removed: 3,
});

describe('a tool call in one line', () => {
  test('a command is what was really run, its first line', () => {
    const input = { command: 'npm test\nnpm run lint' };
    expect(lineOf({ kind: 'execute', title: 'Run tests', input })).toBe('Ran|npm test …');
    expect(lineOf({ kind: 'execute', title: 'npm test', status: 'running' })).toBe('Running|npm test');
  });

  test('a file is named from the session folder', () => {
    expect(lineOf({ kind: 'read', title: 'Read a', locations: [{ path: `${CWD}/src/a.ts` }] })).toBe('Read|src/a.ts');
    expect(lineOf({ kind: 'read', title: 'Read /etc/hosts' })).toBe('Read|/etc/hosts');
  });

  test('an edit says how much it changed, and whether it made the file', () => {
    const edited = toToolLine(toCall({ kind: 'edit', output: [diff('a\n', 'b\n')] }), CWD);
    expect(edited).toEqual({
      verb: 'Edited',
      object: 'src/a.ts',
      mono: true,
      path: true,
      changes: { added: 12, removed: 3 },
    });
    expect(lineOf({ kind: 'edit', output: [diff('', 'b\n')] })).toBe('Created|src/a.ts');
  });

  test.each([
    ['failed', 'Could not edit|a.ts'],
    ['denied', 'Denied|a.ts'],
    ['interrupted', 'Interrupted|a.ts'],
    ['pending', 'Editing|a.ts'],
  ] as const)('one that is %s says so', (status, line) => {
    expect(lineOf({ kind: 'edit', title: 'Edit a.ts', status })).toBe(line);
  });

  test('a command hides nothing', () => {
    const input = { command: 'echo \u202e~ fr- mr' };
    expect(lineOf({ kind: 'execute', title: 'Say', input })).toBe('Ran|echo \\u202e~ fr- mr');
  });

  test('a command that failed did run', () => {
    expect(lineOf({ kind: 'execute', title: 'npm test', status: 'failed' })).toBe('Ran|npm test');
  });

  test('what has no verb of its own keeps its title', () => {
    expect(lineOf({ kind: 'other', title: 'Find the answer' })).toBe('|Find the answer');
    expect(lineOf({ kind: 'mcp', tool: 'mcp__a__b', title: 'Call ' })).toBe('Called|mcp__a__b');
  });
});

test('reads and searches together', () => {
  const read = (path: string) => toCall({ locations: [{ path }] });
  expect(toGroupLine([read('a'), read('b'), read('a')])).toBe('Read 2 files');
  expect(toGroupLine([read('a'), toCall({ kind: 'search' }), toCall({ kind: 'search' })])).toBe(
    'Read 1 file, searched twice',
  );
  expect(toGroupLine([toCall({ kind: 'search' }), toCall({ kind: 'search', status: 'running' })])).toBe(
    'Searching twice',
  );
});

test('paths inside the folder are relative', () => {
  expect([`${CWD}/a`, `${CWD}x/a`, CWD, '/tmp/a'].map((path) => toShortPath(path, CWD))).toEqual([
    'a',
    `${CWD}x/a`,
    'app/',
    '/tmp/a',
  ]);
  expect(toShortPath('C:\\app\\a.ts', 'C:\\app\\')).toBe('a.ts');
});
