import { chmodSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AppError,
  configuredAgentSchema,
  folderDefaultSchema,
  parseJson,
  toDiskFault,
  type ConfiguredAgent,
  type FolderDefault,
} from '@baton/protocol';
import { z } from 'zod';

export interface AgentSettings {
  agents: readonly ConfiguredAgent[];
  folders: readonly FolderDefault[];
  /** What is wrong in the file, where, what comes of it and what to do, in whole sentences. What can be read of it holds all the same. */
  problem?: string;
}

/**
 * `<data>/agents.json`: the ACP agents that the owner added and the defaults of folders. Made to be edited by hand while the server runs; it is for
 * its owner alone, because variables of agents may hold keys.
 */
export interface AgentSettingsFile {
  readonly path: string;
  /** Looks whether the file changed. Never throws. */
  read(): AgentSettings;
  /** Whole or not at all. Throws `conflict` and writes nothing while the file has a problem: no hand's work is lost. */
  write(next: Pick<AgentSettings, 'agents' | 'folders'>): void;
}

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_AGENTS = 100;

/** `reserved`: ids that no added agent can have. */
export function openAgentSettings(dataDir: string, reserved: ReadonlySet<string>): AgentSettingsFile {
  const path = join(dataDir, 'agents.json');
  let known: { stamp: string; settings: AgentSettings } | undefined;

  function read(): AgentSettings {
    const stamp = toStamp(path);
    if (known?.stamp !== stamp) known = { stamp, settings: stamp === '' ? NOTHING : readFile(path, reserved) };
    return known.settings;
  }

  return {
    path,
    read,
    write({ agents, folders }) {
      const { problem } = read();
      if (problem !== undefined) throw new AppError('conflict', `Cannot change the agents. ${problem}`);
      writeWhole(path, `${JSON.stringify({ agents, folders }, undefined, 2)}\n`);
    },
  };
}

const NOTHING: AgentSettings = { agents: [], folders: [] };

function toStamp(path: string): string {
  try {
    const found = statSync(path, { throwIfNoEntry: false, bigint: true });
    return found === undefined ? '' : `${found.ino} ${found.mtimeNs} ${found.size}`;
  } catch {
    return 'not to be looked at';
  }
}

function readFile(path: string, reserved: ReadonlySet<string>): AgentSettings {
  try {
    const found = statSync(path);
    const { size, mode } = found;
    // A pipe would be waited for, and a device read for ever.
    if (!found.isFile()) return { ...NOTHING, problem: toUnread(path, 'it is no ordinary file') };
    if (size > MAX_BYTES) return { ...NOTHING, problem: toUnread(path, 'it is larger than 4 MB') };
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) chmodSync(path, 0o600);
    return parseSettings(readFileSync(path, 'utf8'), { path, reserved });
  } catch (cause) {
    return { ...NOTHING, problem: toUnread(path, cause instanceof Error ? cause.message : String(cause)) };
  }
}

const outlineSchema = z.strictObject({
  agents: z.array(z.unknown()).max(MAX_AGENTS).default([]),
  folders: z.array(z.unknown()).max(500).default([]),
});

interface Place {
  path: string;
  reserved: ReadonlySet<string>;
}

function parseSettings(text: string, { path, reserved }: Place): AgentSettings {
  // Some editors mark the beginning of each file.
  const parsed = parseJson(text.replace(/^\ufeff/, ''));
  if (!parsed.ok) return { ...NOTHING, problem: toUnused(path, `it is not JSON (${toShort(parsed.reason)})`) };
  const outline = outlineSchema.safeParse(parsed.value);
  if (!outline.success) return { ...NOTHING, problem: toUnused(path, toPlace('', outline.error)) };
  const taken = new Set(reserved);
  const agents = readEach(outline.data.agents, 'agents', (value, at) => readAgent(value, { at, taken }));
  const folders = readEach(outline.data.folders, 'folders', (value, at) => readEntry(folderDefaultSchema, value, at));
  const wrong = [...agents.wrong, ...folders.wrong];
  return {
    agents: agents.good,
    folders: folders.good,
    ...(wrong.length === 0 ? {} : { problem: toLeftOut(path, wrong) }),
  };
}

type Entry<T> = { value: T } | { wrong: string };

function readEach<T>(values: readonly unknown[], list: string, read: (value: unknown, at: string) => Entry<T>) {
  const entries = values.map((value, index) => read(value, `${list}[${index}]`));
  return {
    good: entries.flatMap((entry) => ('value' in entry ? [entry.value] : [])),
    wrong: entries.flatMap((entry) => ('wrong' in entry ? [entry.wrong] : [])),
  };
}

function readEntry<T>(schema: z.ZodType<T>, value: unknown, at: string): Entry<T> {
  const parsed = schema.safeParse(value);
  return parsed.success ? { value: parsed.data } : { wrong: toPlace(at, parsed.error) };
}

function readAgent(value: unknown, { at, taken }: { at: string; taken: Set<string> }): Entry<ConfiguredAgent> {
  const entry = readEntry(configuredAgentSchema, value, at);
  if ('wrong' in entry) return entry;
  const { id } = entry.value;
  if (taken.has(id)) return { wrong: `${at}.id: "${id}" is the id of another agent` };
  taken.add(id);
  return entry;
}

// Where and why, never what stands there: it may be a key.
function toPlace(at: string, error: z.ZodError): string {
  const [issue] = error.issues;
  const path = (issue?.path ?? [])
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('');
  const where = `${at}${path}`.replace(/^\./, '');
  return `${where === '' ? '' : `${where}: `}${issue?.message ?? 'not valid'}`;
}

const UNTOUCHED = 'Baton writes nothing to it until then';
const ALL_OUT = 'None of the agents and defaults of folders in it are there';

function toUnread(path: string, why: string): string {
  return `Cannot read the agents file "${path}": ${why}. ${ALL_OUT}. Let Baton read it, or move it away; ${UNTOUCHED}.`;
}

function toUnused(path: string, why: string): string {
  return `Cannot use the agents file "${path}": ${why}. ${ALL_OUT}. Mend it by hand, or move it away; ${UNTOUCHED}.`;
}

function toLeftOut(path: string, wrong: readonly string[]): string {
  const more = wrong.length > 3 ? `; and ${wrong.length - 3} more` : '';
  const what = `Cannot use all of the agents file "${path}": ${wrong.slice(0, 3).join('; ')}${more}`;
  return `${what}. These entries are left out, and the others hold. Mend them by hand; ${UNTOUCHED}.`;
}

// The engine's message quotes the text it could not read, which may be secret.
function toShort(reason: string): string {
  const position = /line \d+ column \d+/.exec(reason)?.[0] ?? /position \d+/.exec(reason)?.[0];
  return position === undefined ? 'it ends too early, or something is not closed' : `at ${position}`;
}

function writeWhole(path: string, text: string): void {
  const draft = `${path}.new`;
  try {
    // Writes again what the system took only a part of.
    writeFileSync(draft, text, { mode: 0o600, flush: true });
    renameSync(draft, path);
  } catch (cause) {
    rmSync(draft, { force: true });
    throw toDiskFault(`Cannot write the settings file "${path}"`, cause);
  }
}
