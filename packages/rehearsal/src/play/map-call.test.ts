import { expect, test } from 'vitest';
import type { OfferedTool } from './conversation.ts';
import { mapCall, toToolbox } from './map-call.ts';

const tool = (name: string, properties: Record<string, unknown>): OfferedTool => ({ name, schema: { properties } });
const toolbox = (...tools: OfferedTool[]) => toToolbox({ tools, system: '' });

test.each([
  [
    'Claude Code',
    tool('Write', { file_path: {}, content: {} }),
    { name: 'Write', input: { file_path: '/a', content: 'x' } },
  ],
  [
    'OpenCode',
    tool('write', { filePath: {}, content: {} }),
    { name: 'write', input: { filePath: '/a', content: 'x' } },
  ],
  [
    'Gemini',
    tool('write_file', { file_path: {}, content: {} }),
    { name: 'write_file', input: { file_path: '/a', content: 'x' } },
  ],
  ['the worker', tool('write', { path: {}, content: {} }), { name: 'write', input: { path: '/a', content: 'x' } }],
])('writes with the tool of %s', (_, offered, expected) => {
  expect(mapCall({ tool: 'write', input: { path: '/a', content: 'x' } }, toolbox(offered))).toEqual(expected);
});

test('fits lists to the fields and words of the tool', () => {
  const todos = {
    items: { properties: { content: {}, activeForm: {}, status: { enum: ['pending', 'in_progress'] } } },
  };
  const input = { todos: [{ title: 'Look', status: 'in-progress' }] };
  expect(mapCall({ tool: 'todo', input }, toolbox(tool('TodoWrite', { todos })))).toEqual({
    name: 'TodoWrite',
    input: { todos: [{ content: 'Look', status: 'in_progress', activeForm: 'Look' }] },
  });
});

test('helps itself with a command where an agent has no tool for the purpose', () => {
  const bash = tool('Bash', { command: {} });
  expect(mapCall({ tool: 'list', input: { path: "it's" } }, toolbox(bash))).toEqual({
    name: 'Bash',
    input: { command: `ls -a 'it'\\''s'` },
  });
  expect(mapCall({ tool: 'ask', input: {} }, toolbox(bash))).toBeUndefined();
});

test('takes the exact name of a tool as it is', () => {
  expect(mapCall({ tool: 'mcp__a__b', input: { x: 1 } }, toolbox())).toEqual({ name: 'mcp__a__b', input: { x: 1 } });
});

test('fetches a tool that is there but put off', () => {
  const system = 'These deferred tools are available via ToolSearch:\nEnterPlanMode\nExitPlanMode\n\nmore';
  const box = toToolbox({ tools: [tool('ToolSearch', { query: {} })], system });
  expect(mapCall({ tool: 'plan', input: { plan: 'p' } }, box)).toMatchObject({
    name: 'ToolSearch',
    input: { query: 'select:ExitPlanMode' },
  });
});

test('names a file by its whole path to an agent that takes no other and says where it works', () => {
  const path = { type: 'string', description: 'The absolute path to the file. Relative paths are not supported.' };
  const box = toolbox(tool('write_file', { file_path: path, content: {} }));
  const call = { tool: 'write', input: { path: 'a.txt', content: 'x' } };
  const toPath = (cwd?: string) => mapCall(call, { ...box, cwd })?.input['file_path'];
  expect(toPath('/work')).toBe('/work/a.txt');
  expect(toPath()).toBe('a.txt');
});
