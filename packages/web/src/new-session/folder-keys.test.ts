import { describe, expect, it } from 'vitest';
import { toFolderIntent, toMovedIndex, type FolderMoment } from './folder-keys.ts';

const MOMENT: FolderMoment = { text: '/home/ada/co', open: true, highlighted: '/home/ada/code', caretAtEnd: true };
const press = (key: string, part: { altKey?: boolean; ctrlKey?: boolean } = {}) => ({
  key,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  ...part,
});

describe('keys in the folder field', () => {
  it('takes the highlighted folder, or what is typed', () => {
    expect(toFolderIntent(press('Enter'), MOMENT)).toEqual({ type: 'take', path: '/home/ada/code' });
    const typed = { ...MOMENT, text: '/srv/', highlighted: undefined };
    expect(toFolderIntent(press('Enter'), typed)).toEqual({ type: 'take', path: '/srv' });
  });

  it('leaves Control with Enter to the dialog, and Enter and Escape too when the list is closed', () => {
    expect(toFolderIntent(press('Enter', { ctrlKey: true }), MOMENT)).toBeUndefined();
    expect(toFolderIntent(press('Enter'), { ...MOMENT, open: false })).toBeUndefined();
    expect(toFolderIntent(press('Escape'), { ...MOMENT, open: false })).toBeUndefined();
    expect(toFolderIntent(press('Escape'), MOMENT)).toEqual({ type: 'close' });
  });

  it('looks inside with the right arrow only where the caret cannot move', () => {
    expect(toFolderIntent(press('ArrowRight'), MOMENT)).toEqual({ type: 'list', text: '/home/ada/code/' });
    expect(toFolderIntent(press('ArrowRight'), { ...MOMENT, caretAtEnd: false })).toBeUndefined();
  });

  it('goes up with Alt and the arrow', () => {
    expect(toFolderIntent(press('ArrowUp', { altKey: true }), MOMENT)).toEqual({ type: 'list', text: '/home/ada/' });
    expect(toFolderIntent(press('ArrowUp'), MOMENT)).toEqual({ type: 'move', step: -1 });
  });
});

it('moves around the ends of the list', () => {
  expect(toMovedIndex(-1, 1, 3)).toBe(0);
  expect(toMovedIndex(-1, -1, 3)).toBe(2);
  expect(toMovedIndex(2, 1, 3)).toBe(0);
  expect(toMovedIndex(0, -1, 3)).toBe(2);
  expect(toMovedIndex(0, 1, 0)).toBe(-1);
});
