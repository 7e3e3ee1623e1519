import { expect, test } from 'vitest';
import { toToolKind, toToolTitle } from './tool-name.ts';
import { toToolOutput } from './tool-output.ts';

const bash = (content: unknown, detail: unknown, isError = false) =>
  toToolOutput({ tool: 'Bash', content, detail, isError });
const other = (content: unknown, detail?: unknown) => toToolOutput({ tool: 'Other', content, detail, isError: false });

test('a command: what it printed on both streams, and its code', () => {
  expect(bash('x', { stdout: 'out', stderr: 'err' })).toEqual([{ type: 'terminal', text: 'out\nerr', exitCode: 0 }]);
  expect(bash('Exit code 2\nmissing', 'Error: Exit code 2\nmissing', true)).toEqual([
    { type: 'terminal', text: 'missing', exitCode: 2 },
  ]);
  expect(bash('killed', 'Error: killed', true)).toEqual([{ type: 'terminal', text: 'killed', exitCode: null }]);
  expect(bash('running with ID 7', { stdout: '', stderr: '', backgroundTaskId: '7' })).toEqual([
    { type: 'terminal', text: 'running with ID 7', exitCode: null },
  ]);
});

test('a command that printed a lot: its beginning and end, and how much is missing', () => {
  const [output] = bash('', { stdout: `a${'b'.repeat(200_000)}c`, stderr: '' });
  expect(output).toMatchObject({
    cut: 100_002,
    text: expect.stringMatching(/^ab+\n… 100002 characters left out …\nb+c$/),
  });
});

const hunk = { oldStart: 1, oldLines: 2, newStart: 1, newLines: 2, lines: [' one', '-two', '+2'] };

test('an edit: a patch', () => {
  const detail = { filePath: '/p/a.txt', originalFile: 'one\ntwo\n', structuredPatch: [hunk] };
  expect(other('done', detail)).toEqual([
    {
      type: 'diff',
      path: '/p/a.txt',
      patch: '--- /p/a.txt\n+++ /p/a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n',
      added: 1,
      removed: 1,
    },
  ]);
});

test('a new file: a patch from nothing; an unchanged one: an empty patch', () => {
  const created = { type: 'create', filePath: '/p/b.txt', content: 'x\ny\n', originalFile: null, structuredPatch: [] };
  expect(other('done', created)).toMatchObject([
    { type: 'diff', added: 2, removed: 0, patch: expect.stringContaining('--- /dev/null') },
  ]);
  const same = { filePath: '/p/b.txt', content: 'x\n', originalFile: 'x\n', structuredPatch: [] };
  expect(other('done', same)).toMatchObject([{ type: 'diff', added: 0, removed: 0, patch: '' }]);
});

test('a file that was read: its text, without the numbers the model sees', () => {
  expect(other('1\tone', { type: 'text', file: { content: 'one' } })).toEqual([{ type: 'text', text: 'one' }]);
});

test('images, from a file and from a tool, unless they are huge', () => {
  const fromFile = { type: 'image', file: { base64: 'QUJD', type: 'image/png' } };
  expect(other('', fromFile)).toEqual([{ type: 'image', mediaType: 'image/png', data: 'QUJD' }]);
  const block = { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'QUJD' } };
  expect(other([{ type: 'text', text: 'see' }, block])).toEqual([
    { type: 'text', text: 'see' },
    { type: 'image', mediaType: 'image/jpeg', data: 'QUJD' },
  ]);
  expect(other('', { ...fromFile, file: { base64: 'A'.repeat(6_000_000), type: 'image/png' } })).toMatchObject([
    { type: 'text' },
  ]);
});

test('a subagent: its report, or that it works on', () => {
  const note = { type: 'text', text: '<tools-used-before-summary>Bash</tools-used-before-summary>' };
  expect(other('raw', { status: 'completed', content: [note, { type: 'text', text: 'Found it.' }] })).toEqual([
    { type: 'text', text: 'Found it.' },
  ]);
  expect(other('raw', { status: 'async_launched' })).toMatchObject([{ text: 'Works on in the background.' }]);
});

test('anything else: its text, and nothing for nothing', () => {
  expect(other('plain', { odd: 1 })).toEqual([{ type: 'text', text: 'plain' }]);
  expect(other([{ type: 'tool_reference', tool_name: 'X' }])).toEqual([]);
  expect(other(undefined)).toEqual([]);
});

test('titles are what is done to what', () => {
  const title = (tool: string, input: Record<string, unknown>) => toToolTitle(tool, input, '/p');
  expect(title('Bash', { command: 'npm test &&\n  echo ok' })).toBe('npm test && echo ok');
  expect(title('Edit', { file_path: '/p/src/a.ts' })).toBe('Edit src/a.ts');
  expect(title('Write', { file_path: '/etc/hosts' })).toBe('Write /etc/hosts');
  expect(title('Grep', { pattern: 'foo', path: 'src' })).toBe('Search for "foo" in src');
  expect(title('WebFetch', { url: 'https://example.com' })).toBe('Fetch https://example.com');
  expect(title('mcp__github__list_issues', {})).toBe('github: list_issues');
  expect(title('Bash', { command: 'x'.repeat(1000) }).length).toBe(300);
  expect(title('SomethingNew', { command: 7 })).toBe('SomethingNew');
});

test('kinds follow from names', () => {
  expect(
    ['Bash', 'Read', 'MultiEdit', 'Grep', 'WebSearch', 'Agent', 'mcp__a__b', 'TodoWrite', 'New'].map(toToolKind),
  ).toEqual(['execute', 'read', 'edit', 'search', 'fetch', 'subagent', 'mcp', 'think', 'other']);
});
