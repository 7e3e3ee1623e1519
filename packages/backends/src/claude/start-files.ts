import { join } from 'node:path';
import { toAncestors } from '../agent/describe-file.ts';

/** Where a Claude Code is started. */
export interface StartPlace {
  cwd: string;
  env: Readonly<Record<string, string>>;
}

/** The files that Claude Code reads once, when it starts; those that are there. */
export interface StartFiles {
  /** Its own folders of configuration: the user's, and those of the folder it works in and all above. */
  roots: readonly string[];
  /** JSON with settings: the user's, the projects', and the administrator's. */
  settings: readonly string[];
  /** Folders of more of the administrator's settings. */
  settingsFolders: readonly string[];
  /** Where it notes things for itself, and servers and projects of the user. */
  state: readonly string[];
  /** MCP servers of the projects, and the administrator's. */
  servers: readonly string[];
  /** Instructions for its model, which may name others. */
  memory: readonly string[];
  credentials: string;
  plugins: string;
}

/** What an administrator settled for all users of a machine. */
const MANAGED: Partial<Record<NodeJS.Platform, string>> = {
  darwin: '/Library/Application Support/ClaudeCode',
  linux: '/etc/claude-code',
};
const MEMORY = ['CLAUDE.md', 'CLAUDE.local.md', 'AGENTS.md', '.claude/CLAUDE.md'];

/** It goes up from the folder it works in: in a part of a repository it reads what is at the root of that, too. */
export function toStartFiles({ cwd, env }: StartPlace): StartFiles {
  const home = env['HOME'] ?? env['USERPROFILE'] ?? '';
  const config = env['CLAUDE_CONFIG_DIR'] ?? join(home, '.claude');
  const managed = MANAGED[process.platform];
  const folders = toAncestors(cwd);
  const roots = [...new Set([config, ...folders.map((folder) => join(folder, '.claude'))])];
  const inManaged = (name: string): string[] => (managed === undefined ? [] : [join(managed, name)]);
  return {
    roots,
    settings: [
      ...roots.flatMap((root) => [join(root, 'settings.json'), join(root, 'settings.local.json')]),
      // What the administrator of an organization settled, as the program last heard it.
      join(config, 'remote-settings.json'),
      join(config, 'cowork_settings.json'),
      ...inManaged('managed-settings.json'),
    ],
    settingsFolders: inManaged('managed-settings.d'),
    state: [join(env['CLAUDE_CONFIG_DIR'] ?? home, '.claude.json'), join(config, '.config.json')],
    servers: [...folders.map((folder) => join(folder, '.mcp.json')), ...inManaged('managed-mcp.json')],
    memory: [
      ...folders.flatMap((folder) => MEMORY.map((file) => join(folder, file))),
      join(config, 'CLAUDE.md'),
      ...inManaged('CLAUDE.md'),
    ],
    credentials: join(config, '.credentials.json'),
    plugins: join(config, 'plugins', 'installed_plugins.json'),
  };
}
