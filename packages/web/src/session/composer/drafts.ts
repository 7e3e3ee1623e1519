import type { AttachedImage } from './image-file.ts';

export interface Draft {
  readonly text: string;
  readonly images: readonly AttachedImage[];
}

export interface Drafts {
  read(sessionId: string): Draft;
  write(sessionId: string, draft: Draft): void;
}

const PREFIX = 'baton.draft.';
const KEPT = 50;
const EMPTY: Draft = { text: '', images: [] };

/**
 * What was typed and not sent, per session. Text outlives the page; images are too large for that and last as long as
 * the page does. Storage that is blocked or full loses nothing that is on the screen.
 */
export function createDrafts(
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'> | undefined,
): Drafts {
  const images = new Map<string, readonly AttachedImage[]>();
  return {
    read(sessionId) {
      const text = tryStorage(() => storage?.getItem(PREFIX + sessionId)) ?? '';
      const kept = images.get(sessionId);
      return text === '' && kept === undefined ? EMPTY : { text, images: kept ?? [] };
    },
    write(sessionId, draft) {
      if (draft.images.length === 0) images.delete(sessionId);
      else images.set(sessionId, draft.images);
      tryStorage(() => {
        if (draft.text === '') storage?.removeItem(PREFIX + sessionId);
        else storage?.setItem(PREFIX + sessionId, draft.text);
        if (storage !== undefined) forgetOldest(storage, sessionId);
      });
    },
  };
}

// Session ids sort by time, so the smallest keys are the oldest sessions.
function forgetOldest(storage: Pick<Storage, 'key' | 'length' | 'removeItem'>, current: string): void {
  const keys: string[] = [];
  for (let index = 0; index < storage.length; index += 1) {
    const key = storage.key(index);
    if (key?.startsWith(PREFIX) && key !== PREFIX + current) keys.push(key);
  }
  for (const key of keys.toSorted().slice(0, Math.max(0, keys.length - KEPT))) storage.removeItem(key);
}

function tryStorage<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
