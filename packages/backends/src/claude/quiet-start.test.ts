import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startsQuietly } from './quiet-start.ts';

let root = '';
let cwd = '';
let home = '';

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'claude-quiet-')));
  cwd = join(root, 'project', 'inner');
  home = join(root, 'home');
  await Promise.all([mkdir(cwd, { recursive: true }), mkdir(join(home, '.claude'), { recursive: true })]);
});
afterEach(() => rm(root, { recursive: true }));

const look = (env: Record<string, string> = {}) => startsQuietly({ cwd, env: { HOME: home, ...env } });

async function write(path: string, content: unknown): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
}

const command = [{ hooks: [{ type: 'command', command: 'true' }] }];

test('is certain of a home and a folder with nothing in them, and of settings that only matter in a turn', async () => {
  expect(await look()).toBe(true);
  await write('home/.claude/settings.json', {
    model: 'opus',
    permissions: { allow: ['Bash(ls)'] },
    env: { DEBUG: '1' },
    hooks: { PreToolUse: command, Stop: command },
    enabledPlugins: { 'a@b': false },
    statusLine: { type: 'command', command: 'true' },
  });
  await write('home/.claude.json', {
    numStartups: 3,
    mcpServers: {},
    projects: { '/elsewhere': { mcpServers: { a: {} } } },
  });
  await write('home/.claude/plugins/installed_plugins.json', { version: 2, plugins: {} });
  await write('project/inner/.mcp.json', { mcpServers: {} });
  await write('project/.claude/skills/own/SKILL.md', 'Do');
  await mkdir(join(root, 'project', '.git'));
  expect(await look({ ANTHROPIC_API_KEY: 'x' })).toBe(true);
});

test.each<[string, unknown]>([
  ['home/.claude/settings.json', { hooks: { SessionStart: command } }],
  ['home/.claude/settings.json', { hooks: { SomethingNew: command } }],
  ['home/.claude/settings.json', { apiKeyHelper: '/bin/key' }],
  ['home/.claude/settings.json', { somethingNew: true }],
  ['home/.claude/settings.json', { enabledPlugins: { 'a@b': true } }],
  ['home/.claude/settings.json', { env: { CLAUDE_CODE_ENABLE_TELEMETRY: '1' } }],
  ['home/.claude/settings.json', '{ "hooks": '],
  ['home/.claude/settings.json', '[]'],
  ['home/.claude/remote-settings.json', { hooks: { SessionEnd: command } }],
  ['project/inner/.claude/settings.json', { hooks: { SessionEnd: command } }],
  ['project/inner/.claude/settings.local.json', { hooks: { ConfigChange: command } }],
  ['project/.claude/settings.local.json', { hooks: { SessionStart: command } }],
  ['home/.claude.json', { mcpServers: { a: { command: 'x' } } }],
  ['home/.claude.json', { claudeAiMcpEverConnected: ['Mail'] }],
  ['home/.claude.json', { remoteControlAtStartup: true }],
  ['home/.claude.json', 'no JSON'],
  ['project/.mcp.json', { mcpServers: { a: { command: 'x' } } }],
  ['home/.claude/plugins/installed_plugins.json', { version: 2, plugins: { 'a@b': [] } }],
  ['project/inner/.claude/skills/own/.claude-plugin/plugin.json', {}],
  // Another working tree of a repository.
  ['project/.git', 'gitdir: /elsewhere/.git/worktrees/project'],
])('is not certain of %s with %j', async (path, content) => {
  await write(path, content);
  expect(await look()).toBe(false);
});

test('is not certain of the servers of a project that the user has, of variables that report, or of what cannot be read', async () => {
  await write('home/.claude.json', { projects: { [join(root, 'project')]: { mcpServers: { a: { command: 'x' } } } } });
  expect(await look()).toBe(false);
  await rm(join(home, '.claude.json'));
  expect(await look({ OTEL_METRICS_EXPORTER: 'console' })).toBe(false);
  expect(await look()).toBe(true);
  execFileSync('mkfifo', [join(cwd, '.mcp.json')]);
  expect(await look()).toBe(false);
});
