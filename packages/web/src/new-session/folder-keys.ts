import { toCwd, toInside, toUp } from './folder-listing.ts';

export interface FolderPress {
  key: string;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}

export interface FolderMoment {
  text: string;
  open: boolean;
  /** The path of the highlighted line, if one is. */
  highlighted: string | undefined;
  caretAtEnd: boolean;
}

/** What a key in the folder field asks for. */
export type FolderIntent =
  | { type: 'list'; text: string }
  | { type: 'take'; path: string }
  | { type: 'move'; step: 1 | -1 }
  | { type: 'close' };

/** Undefined leaves the key to the field and the dialog. */
export function toFolderIntent(press: FolderPress, moment: FolderMoment): FolderIntent | undefined {
  switch (press.key) {
    case 'ArrowUp':
      return press.altKey ? { type: 'list', text: toUp(moment.text) } : { type: 'move', step: -1 };
    case 'ArrowDown':
      return { type: 'move', step: 1 };
    case 'ArrowRight':
      return moment.caretAtEnd && moment.highlighted !== undefined
        ? { type: 'list', text: toInside(moment.highlighted) }
        : undefined;
    case 'Enter':
      if (!moment.open || press.ctrlKey || press.metaKey) return undefined;
      return { type: 'take', path: moment.highlighted ?? toCwd(moment.text) };
    case 'Escape':
      return moment.open ? { type: 'close' } : undefined;
    default:
      return undefined;
  }
}

/** The line after a step among `count`, around the ends; from none, the first or the last. */
export function toMovedIndex(active: number, step: 1 | -1, count: number): number {
  if (count === 0) return -1;
  if (active === -1) return step === 1 ? 0 : count - 1;
  return (active + step + count) % count;
}
