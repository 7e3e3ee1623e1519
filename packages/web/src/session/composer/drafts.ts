import { createKeptTexts, type TextStorage } from '../../ui/kept-texts.ts';
import type { AttachedImage } from './image-file.ts';

export interface Draft {
  readonly text: string;
  readonly images: readonly AttachedImage[];
}

export interface Drafts {
  read(sessionId: string): Draft;
  write(sessionId: string, draft: Draft): void;
}

const EMPTY: Draft = { text: '', images: [] };

/**
 * What was typed and not sent, per session. Text outlives the page; images are too large for that and last as long as
 * the page does.
 */
export function createDrafts(storage?: TextStorage): Drafts {
  const texts = createKeptTexts('draft', storage);
  const images = new Map<string, readonly AttachedImage[]>();
  return {
    read(sessionId) {
      const text = texts.get(sessionId);
      const kept = images.get(sessionId);
      return text === '' && kept === undefined ? EMPTY : { text, images: kept ?? [] };
    },
    write(sessionId, draft) {
      if (draft.images.length === 0) images.delete(sessionId);
      else images.set(sessionId, draft.images);
      texts.set(sessionId, draft.text);
    },
  };
}
