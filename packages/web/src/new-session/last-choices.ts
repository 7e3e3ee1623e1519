import { parseJson } from '@baton/protocol';
import type { StoredValue } from '../ui/stored-value.ts';

/** What was chosen when a session was last made. */
export interface Choice {
  backend: string;
  model?: string | undefined;
  mode?: string | undefined;
  effort?: string | undefined;
}

export interface LastChoices {
  /** For this folder, else the last one anywhere. */
  get(folder: string): Choice | undefined;
  /** What was chosen in this very folder. */
  of(folder: string): Choice | undefined;
  lastFolder(): string | undefined;
  remember(folder: string, choice: Choice): void;
}

/** Older folders are forgotten. */
const MOST_FOLDERS = 50;

type Entry = [folder: string, choice: Choice];

export function createLastChoices(stored: StoredValue): LastChoices {
  const read = () => parseEntries(stored.get());
  return {
    get(folder) {
      const entries = read();
      return (entries.find(([name]) => name === folder) ?? entries[0])?.[1];
    },
    of: (folder) => read().find(([name]) => name === folder)?.[1],
    lastFolder: () => read()[0]?.[0],
    remember(folder, choice) {
      const others = read().filter(([name]) => name !== folder);
      const entries: Entry[] = [[folder, choice], ...others];
      stored.set(JSON.stringify(entries.slice(0, MOST_FOLDERS)));
    },
  };
}

// What an older or newer page wrote is dropped entry by entry, never trusted.
function parseEntries(text: string | undefined): Entry[] {
  const parsed = parseJson(text ?? '');
  if (!parsed.ok || !Array.isArray(parsed.value)) return [];
  return parsed.value.flatMap((entry: unknown) => {
    if (!Array.isArray(entry) || typeof entry[0] !== 'string') return [];
    const choice = parseChoice(entry[1]);
    return choice === undefined ? [] : [[entry[0], choice] satisfies Entry];
  });
}

function parseChoice(value: unknown): Choice | undefined {
  if (typeof value !== 'object' || value === null || !('backend' in value)) return undefined;
  const { backend } = value;
  if (typeof backend !== 'string') return undefined;
  const model = 'model' in value && typeof value.model === 'string' ? { model: value.model } : {};
  const mode = 'mode' in value && typeof value.mode === 'string' ? { mode: value.mode } : {};
  const effort = 'effort' in value && typeof value.effort === 'string' ? { effort: value.effort } : {};
  return { backend, ...model, ...mode, ...effort };
}
