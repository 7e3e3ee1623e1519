import { commandSchema, parseJson } from '@baton/protocol';
import type { PendingCommand } from './client.ts';

/** Where unacknowledged commands outlive a reload; `sessionStorage` fits, because each tab then keeps its own. */
export interface CommandStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const STORAGE_KEY = 'baton.pending-commands';

/** What an earlier life of the page left unacknowledged; anything unreadable is skipped. */
export function readStoredCommands(storage: CommandStorage | undefined): PendingCommand[] {
  const text = readItem(storage);
  if (text === null) return [];
  const parsed = parseJson(text);
  if (!parsed.ok || !Array.isArray(parsed.value)) return [];
  return parsed.value.flatMap(parseStored);
}

function parseStored(value: unknown): PendingCommand[] {
  if (typeof value !== 'object' || value === null) return [];
  if (!('id' in value) || typeof value.id !== 'string') return [];
  if (!('since' in value) || typeof value.since !== 'number') return [];
  const command = 'command' in value ? commandSchema.safeParse(value.command) : undefined;
  return command?.success ? [{ id: value.id, since: value.since, command: command.data }] : [];
}

function readItem(storage: CommandStorage | undefined): string | null {
  try {
    return storage?.getItem(STORAGE_KEY) ?? null;
  } catch {
    return null;
  }
}

/**
 * Storage may be full or forbidden; the commands are then kept in memory only. What carries an environment may carry
 * secrets and is never stored.
 */
export function writeStoredCommands(storage: CommandStorage | undefined, pending: readonly PendingCommand[]): void {
  const storable = pending.filter(({ command }) => command.type !== 'session.create' || command.env === undefined);
  try {
    if (storable.length === 0) storage?.removeItem(STORAGE_KEY);
    else storage?.setItem(STORAGE_KEY, JSON.stringify(storable));
  } catch {
    return;
  }
}
