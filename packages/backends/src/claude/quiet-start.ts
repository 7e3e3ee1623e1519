import { constants } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { release, userInfo } from 'node:os';
import { join } from 'node:path';
import { parseJson } from '@baton/protocol';
import { z } from 'zod';
import { toAncestors } from '../agent/describe-file.ts';
import { openRegular } from '../agent/open-regular.ts';
import { type StartFiles, type StartPlace, toStartFiles } from './start-files.ts';
import { type ClaudeState, claudeStateSchema } from './state-file.ts';

/** Hooks that run only in a turn, or for what somebody chose. Of others, and of those nobody knows yet, one that nobody uses may run. */
const ASKED: ReadonlySet<string> = new Set([
  ...['UserPromptSubmit', 'UserPromptExpansion', 'Stop', 'StopFailure', 'MessageDisplay', 'Notification'],
  ...['PreToolUse', 'PostToolUse', 'PostToolUseFailure', 'PostToolBatch', 'PermissionRequest', 'PermissionDenied'],
  ...['SubagentStart', 'SubagentStop', 'TaskCreated', 'TaskCompleted', 'TeammateIdle', 'PreCompact', 'PostCompact'],
  ...['Elicitation', 'ElicitationResult', 'WorktreeCreate', 'WorktreeRemove'],
]);

/** What of its settings runs something of the user. */
export const startingSettingsSchema = z.looseObject({
  hooks: z.record(z.string(), z.unknown()).optional(),
  enabledPlugins: z.record(z.string(), z.unknown()).optional(),
});

/** Whether nothing of the user runs before a process is talked to, or when it ends without, as far as settings say so. */
export function runsNothingUnasked({
  hooks = {},
  enabledPlugins = {},
}: z.infer<typeof startingSettingsSchema>): boolean {
  const hasPlugins = Object.values(enabledPlugins).some((value) => value !== false);
  return !hasPlugins && Object.keys(hooks).every((event) => ASKED.has(event));
}

/**
 * Settings that start nothing, connect to nothing and tell nobody before there is a turn. One that is not among them, such as a
 * program that signs in, could do any of that.
 */
const QUIET_SETTINGS: ReadonlySet<string> = new Set([
  ...['$schema', 'env', 'hooks', 'enabledPlugins', 'permissions', 'disableAllHooks', 'cleanupPeriodDays'],
  ...['model', 'fallbackModel', 'availableModels', 'enforceAvailableModels', 'deniedModels', 'modelOverrides'],
  ...['effortLevel', 'maxEffortLevel', 'alwaysThinkingEnabled', 'showThinkingSummaries', 'fastMode', 'ultracode'],
  ...['attribution', 'includeCoAuthoredBy', 'includeGitInstructions', 'respectGitignore', 'plansDirectory'],
  ...['autoMemoryEnabled', 'claudeMdExcludes', 'outputStyle', 'language', 'autoCompactEnabled', 'autoCompactWindow'],
  ...['enableAllProjectMcpServers', 'enabledMcpjsonServers', 'disabledMcpjsonServers', 'disableClaudeAiConnectors'],
  ...['allowedMcpServers', 'deniedMcpServers', 'skipDangerousModePermissionPrompt', 'disableAutoMode'],
  ...['fileCheckpointingEnabled', 'promptSuggestionEnabled', 'skipWebFetchPreflight', 'forceLoginMethod'],
  // Of its own terminal.
  ...['statusLine', 'subagentStatusLine', 'theme', 'tui', 'editorMode', 'verbose', 'viewMode', 'preferredNotifChannel'],
  ...['spinnerTipsEnabled', 'spinnerVerbs', 'spinnerTipsOverride', 'syntaxHighlightingDisabled', 'showTurnDuration'],
  ...['prefersReducedMotion', 'terminalProgressBarEnabled', 'companyAnnouncements', 'feedbackSurveyRate'],
  ...['autoUpdatesChannel', 'minimumVersion', 'timeFormat', 'timeZone', 'autoScrollEnabled', 'todoFeatureEnabled'],
]);

/** Variables by which it reports, loads or signs in elsewhere when it starts. */
const LOUD_VARIABLE = /^(CLAUDE_CODE_(ENABLE_TELEMETRY|USE_|SYNC_|PLUGIN_|PROCESS_WRAPPER|REMOTE)|CLAUDE_BG_|OTEL_)/;

/**
 * Whether a Claude Code that is started in a place and has nothing to do does nothing that anybody would notice: no hook of the
 * user runs, no server is started, no plugin loaded, nothing reported. By its files, without running it: false whenever they do
 * not make that certain.
 */
export async function startsQuietly(place: StartPlace): Promise<boolean> {
  if (Object.keys(place.env).some((name) => LOUD_VARIABLE.test(name))) return false;
  const files = toStartFiles(place);
  try {
    const [settings, ...others] = await Promise.all([
      readSettings(files),
      isPolicyInFiles(),
      readAll(files.servers, serversSchema).then((all) => all.every(({ mcpServers }) => isEmpty(mcpServers))),
      readAll(files.state, claudeStateSchema).then((all) => all.every((state) => isQuietState(state, place.cwd))),
      readAll([files.plugins], pluginsSchema).then((all) => all.every(({ plugins }) => isEmpty(plugins))),
      Promise.all(files.roots.map(hasPluginSkill)).then((found) => !found.includes(true)),
      isOneRepository(place.cwd),
    ]);
    return settings.every(isQuietSettings) && others.every(Boolean);
  } catch {
    // Something there cannot be read, so nobody knows what it says.
    return false;
  }
}

const serversSchema = z.looseObject({ mcpServers: z.unknown().optional() });
const pluginsSchema = z.looseObject({ plugins: z.unknown().optional() });
const settingsSchema = startingSettingsSchema.extend({ env: z.record(z.string(), z.unknown()).optional() });
type Settings = z.infer<typeof settingsSchema>;

function isQuietSettings(settings: Settings): boolean {
  const isKnown = Object.keys(settings).every((key) => QUIET_SETTINGS.has(key));
  const isLoud = Object.keys(settings.env ?? {}).some((name) => LOUD_VARIABLE.test(name));
  return isKnown && !isLoud && runsNothingUnasked(settings);
}

function isQuietState(state: ClaudeState, cwd: string): boolean {
  const { projects = {}, mcpServers, claudeAiMcpEverConnected, remoteControlAtStartup, autoUploadSessions } = state;
  const here = toAncestors(cwd).map((folder) => projects[folder]?.mcpServers);
  return [mcpServers, claudeAiMcpEverConnected, remoteControlAtStartup, autoUploadSessions, ...here].every(isEmpty);
}

const isEmpty = (value: unknown): boolean =>
  value == null || value === false || (typeof value === 'object' && Object.keys(value).length === 0);

async function readSettings({ settings, settingsFolders }: StartFiles): Promise<Settings[]> {
  const more = await Promise.all(settingsFolders.map(readNames));
  const paths = settingsFolders.flatMap((folder, at) => (more[at] ?? []).map((name) => join(folder, name)));
  return readAll([...settings, ...paths], settingsSchema);
}

// In Windows, and in Linux in it, an administrator can settle things elsewhere.
async function isPolicyInFiles(): Promise<boolean> {
  if (process.platform === 'linux') return !/microsoft/i.test(release());
  if (process.platform !== 'darwin') return false;
  const folder = '/Library/Managed Preferences';
  const names = ['', userInfo().username].map((user) => join(folder, user, 'com.anthropic.claudecode.plist'));
  return !(await Promise.all(names.map(isThere))).includes(true);
}

// A skill that is made as a plugin is one.
async function hasPluginSkill(root: string): Promise<boolean> {
  const folder = join(root, 'skills');
  const skills = await readNames(folder);
  const found = await Promise.all(skills.map((name) => isThere(join(folder, name, '.claude-plugin'))));
  return found.includes(true);
}

// In another working tree of a repository it reads settings of the first, which lies anywhere.
async function isOneRepository(cwd: string): Promise<boolean> {
  const found = await Promise.all(toAncestors(cwd).map((folder) => orNone(lstat(join(folder, '.git')))));
  return found.every((git) => git === undefined || git.isDirectory());
}

async function readAll<S extends z.ZodType>(paths: readonly string[], schema: S): Promise<z.infer<S>[]> {
  const texts = await Promise.all(paths.map((path) => orNone(readText(path))));
  return texts.flatMap((text) => {
    if (text === undefined) return [];
    const json = parseJson(text);
    return [schema.parse(json.ok ? json.value : undefined)];
  });
}

async function readText(path: string): Promise<string> {
  await using handle = await openRegular(path, constants.O_RDONLY);
  return handle.readFile('utf8');
}

const readNames = async (folder: string): Promise<string[]> => (await orNone(readdir(folder))) ?? [];
const isThere = async (path: string): Promise<boolean> => (await orNone(lstat(path))) !== undefined;

const ABSENT: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR']);

/** Undefined when what was asked for is not there; any other failure stays one. */
function orNone<T>(reading: Promise<T>): Promise<T | undefined> {
  return reading.catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && ABSENT.has(error.code)) return undefined;
    throw error;
  });
}
