/** What was typed and not sent, by the id of what it is for. Storage that is blocked or full loses nothing that is on the screen. */
export interface KeptTexts {
  /** Empty when there is none. */
  get(id: string): string;
  set(id: string, text: string): void;
}

export type TextStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

const KEPT = 50;

/** Outlives the page. Of each kind the newest fifty are kept; ids have to sort by time, as all of ours do. */
export function createKeptTexts(kind: string, storage: TextStorage | undefined = readStorage()): KeptTexts {
  const prefix = `baton.${kind}.`;
  return {
    get: (id) => tryStorage(() => storage?.getItem(prefix + id)) ?? '',
    set(id, text) {
      tryStorage(() => {
        if (text === '') storage?.removeItem(prefix + id);
        else storage?.setItem(prefix + id, text);
        if (storage !== undefined) forgetOldest(storage, prefix, prefix + id);
      });
    },
  };
}

function forgetOldest(storage: TextStorage, prefix: string, current: string): void {
  const keys: string[] = [];
  for (let index = 0; index < storage.length; index += 1) {
    const key = storage.key(index);
    if (key?.startsWith(prefix) && key !== current) keys.push(key);
  }
  for (const key of keys.toSorted().slice(0, Math.max(0, keys.length - KEPT))) storage.removeItem(key);
}

// Reading the property throws where storage is blocked.
function readStorage(): TextStorage | undefined {
  return tryStorage(() => localStorage);
}

function tryStorage<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
