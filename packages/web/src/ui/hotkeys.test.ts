import { describe, expect, it } from 'vitest';
import { createHotkeyRegistry, matchesKeys, type Hotkey, type KeyPress } from './hotkeys.ts';
import { toAriaKeys, toKeyNames } from './key-names.ts';

function press(key: string, part: Partial<KeyPress> = {}): KeyPress {
  return { key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false, ...part };
}

function hotkey(keys: string, part: Partial<Hotkey> = {}): Hotkey {
  return { keys, title: keys, group: 'Go', run: () => undefined, ...part };
}

describe('matchesKeys', () => {
  it('reads Mod as Control, and as Command on a Mac', () => {
    expect(matchesKeys('Mod+K', press('k', { ctrlKey: true }), false)).toBe(true);
    expect(matchesKeys('Mod+K', press('k', { metaKey: true }), false)).toBe(false);
    expect(matchesKeys('Mod+K', press('k', { metaKey: true }), true)).toBe(true);
    expect(matchesKeys('Mod+K', press('k', { ctrlKey: true }), true)).toBe(false);
    expect(matchesKeys('Mod+K', press('k'), false)).toBe(false);
  });

  it('does not take a letter with a modifier for the letter', () => {
    expect(matchesKeys('N', press('n'), false)).toBe(true);
    expect(matchesKeys('N', press('n', { ctrlKey: true }), false)).toBe(false);
    expect(matchesKeys('N', press('n', { altKey: true }), false)).toBe(false);
    expect(matchesKeys('N', press('N', { shiftKey: true }), false)).toBe(false);
    expect(matchesKeys('Shift+T', press('T', { shiftKey: true }), false)).toBe(true);
  });

  it('takes signs by what they are, with or without Shift', () => {
    expect(matchesKeys('?', press('?', { shiftKey: true }), false)).toBe(true);
    expect(matchesKeys('?', press('?'), false)).toBe(true);
    expect(matchesKeys('[', press('['), false)).toBe(true);
  });
});

describe('the registry', () => {
  it('keeps single keys out of text fields and what floats, but not Mod', () => {
    const registry = createHotkeyRegistry({ isMac: false });
    registry.register(hotkey('N'));
    registry.register(hotkey('Mod+K'));
    expect(registry.find(press('n'), 'page')?.keys).toBe('N');
    expect(registry.find(press('n'), 'text')).toBeUndefined();
    expect(registry.find(press('n'), 'float')).toBeUndefined();
    expect(registry.find(press('k', { ctrlKey: true }), 'text')?.keys).toBe('Mod+K');
  });

  it('lets the last one win until it is removed', () => {
    const registry = createHotkeyRegistry({ isMac: false });
    registry.register(hotkey('N', { title: 'first' }));
    const remove = registry.register(hotkey('N', { title: 'second' }));
    expect(registry.find(press('n'), 'page')?.title).toBe('second');
    remove();
    expect(registry.find(press('n'), 'page')?.title).toBe('first');
    expect(registry.list()).toHaveLength(1);
  });

  it('never fires while a word is being composed', () => {
    const registry = createHotkeyRegistry({ isMac: false });
    registry.register(hotkey('N', { everywhere: true }));
    expect(registry.find(press('n', { isComposing: true }), 'text')).toBeUndefined();
  });

  it('switches single keys off and leaves combinations', () => {
    const registry = createHotkeyRegistry({ isMac: false });
    registry.register(hotkey('N'));
    registry.register(hotkey('Mod+K'));
    registry.setSingleKeys(false);
    expect(registry.find(press('n'), 'page')).toBeUndefined();
    expect(registry.find(press('k', { ctrlKey: true }), 'page')).toBeDefined();
  });

  it('tells when it changes, with a new list', () => {
    const registry = createHotkeyRegistry({ isMac: false });
    let told = 0;
    registry.subscribe(() => {
      told += 1;
    });
    const before = registry.list();
    registry.register(hotkey('N'));
    expect(told).toBe(1);
    expect(registry.list()).not.toBe(before);
    expect(registry.list()).toBe(registry.list());
  });
});

it('prints keys as they stand on the keyboard', () => {
  expect(toKeyNames('Mod+Enter', true)).toEqual(['⌘', '↵']);
  expect(toKeyNames('Mod+Shift+k', false)).toEqual(['Ctrl', 'Shift', 'K']);
  expect(toAriaKeys('Mod+Enter', false)).toBe('Control+Enter');
});
