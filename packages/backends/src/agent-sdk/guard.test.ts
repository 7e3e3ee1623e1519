import { expect, test } from 'vitest';
import { toObjection } from './guard.ts';

const place = { dataDirs: ['/home/ann/data', '/home/ann/.local/share/baton'], cwd: '/home/ann/code/app' };
const call = (input: object, tool = 'Read') => ({ tool_name: tool, tool_input: input });

test.each([
  { file_path: '/home/ann/.local/share/baton/owner.key' },
  { file_path: '../../.local/share/baton/baton.db' },
  { notebook_path: '/home/ann/.local/share/baton/x.ipynb' },
  { path: '/home/ann/.local/share/baton' },
  { command: 'cat /home/ann/.local/share/baton/owner.key' },
  { command: 'ls /home/ann/.local/share/baton/' },
  { file_path: '/home/ann/data/owner.key' },
  { command: 'cat "/home/ann/.local/share/baton/agents/x/y" /home/ann/.local/share/baton/agents.json' },
])("objects to what reaches Baton's own files: %j", (input) => {
  expect(toObjection(call(input), place)).toContain("Baton's own files");
});

test.each([
  { file_path: 'src/owner.key' },
  { file_path: '/home/ann/.local/share/baton/agents/agent-sdk/current/package.json' },
  { path: '/home/ann/code' },
  { command: 'ls /home/ann/.local/share/baton/agents/agent-sdk' },
  { command: 'npm test' },
  { pattern: 'owner.key' },
])('has nothing against anything else: %j', (input) => {
  expect(toObjection(call(input), place)).toBeUndefined();
});

test('holds where the session itself works inside that folder', () => {
  const inside = { ...place, cwd: '/home/ann/.local/share/baton/work' };
  expect(toObjection(call({ file_path: '../owner.key' }), inside)).toContain("Baton's own files");
  expect(toObjection(call({ file_path: 'notes.md' }), inside)).toBeUndefined();
});

test('does not stumble over what it does not know', () => {
  expect(toObjection({ tool_name: 'New', tool_input: 7 }, place)).toBeUndefined();
  expect(toObjection(undefined, place)).toBeUndefined();
});
