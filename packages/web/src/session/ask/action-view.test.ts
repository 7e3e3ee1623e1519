import { describe, expect, test } from 'vitest';
import { parsePatch } from '../diff/parse-patch.ts';
import { toActionView } from './action-view.ts';

const view = (kind: 'execute' | 'edit' | 'think' | 'read' | 'mcp', input: unknown, title = 'title') =>
  toActionView({ title, action: { kind, tool: 'Tool', input } });
const linesOf = (result: ReturnType<typeof view>) =>
  result.type === 'diff'
    ? parsePatch(result.patch).flatMap((hunk) => hunk.lines.map((line) => `${line.kind} ${line.text}`))
    : [];

describe('what is asked for', () => {
  test('a command is the whole of what would run', () => {
    expect(view('execute', { command: 'npm test\nrm -rf x', description: 'Run tests' })).toEqual({
      type: 'command',
      text: 'npm test\nrm -rf x',
      purpose: 'Run tests',
    });
    expect(view('execute', {}, 'ls')).toEqual({ type: 'command', text: 'ls' });
  });

  test('nothing is hidden from who decides', () => {
    const hidden = 'echo safe \u202e~ fr- mr ;';
    const shown = 'echo safe \\u202e~ fr- mr ;';
    expect(view('execute', { command: hidden })).toMatchObject({ text: shown });
    expect(view('mcp', { a: hidden, b: 1 }, 'x\u200by')).toMatchObject({ title: 'x\\u200by' });
    expect(linesOf(view('edit', { file_path: '/x', old_string: '', new_string: hidden }))).toEqual([`added ${shown}`]);
  });

  test('an edit is its diff, whatever the agent calls the fields', () => {
    const expected = ['removed a', 'added b'];
    expect(linesOf(view('edit', { file_path: '/x', old_string: 'a', new_string: 'b' }))).toEqual(expected);
    expect(linesOf(view('edit', { path: '/x', oldText: 'a\n', newText: 'b\n' }))).toEqual(expected);
    expect(linesOf(view('edit', { path: '/x', patch: '--- a\n+++ b\n@@ -1 +1 @@\n-a\n+b\n' }))).toEqual(expected);
  });

  test('several edits of one file stand one after another', () => {
    const edits = [
      { old_string: 'a', new_string: 'b' },
      { old_string: 'c', new_string: '' },
    ];
    expect(linesOf(view('edit', { file_path: '/x', edits }))).toEqual(['removed a', 'added b', 'removed c']);
  });

  test('a new file is all added', () => {
    expect(view('edit', { file_path: '/x/y.ts', content: 'one\ntwo\n' })).toMatchObject({
      type: 'diff',
      path: '/x/y.ts',
    });
    expect(linesOf(view('edit', { file_path: '/x', content: 'one\ntwo\n' }))).toEqual(['added one', 'added two']);
  });

  test('a plan is read as markdown', () => {
    expect(view('think', { plan: '# Plan' })).toEqual({ type: 'plan', markdown: '# Plan' });
  });

  test('anything else is its title, with the input where that says more', () => {
    expect(view('read', { path: '/etc/hosts' }, 'Read /etc/hosts')).toEqual({
      type: 'plain',
      title: 'Read /etc/hosts',
      input: '',
    });
    expect(view('mcp', { a: 1, b: [2] })).toMatchObject({ type: 'plain', input: expect.stringContaining('"b"') });
    expect(view('edit', { strange: true })).toMatchObject({ type: 'plain' });
    expect(view('edit', null)).toMatchObject({ type: 'plain', input: '' });
  });
});
