import type { KeyboardPlace } from './keyboard-place.ts';

/** One shortcut. `keys` is `Mod+K`, `Shift+Enter`, `[`, `?`, `N`; `Mod` is Command on a Mac and Control elsewhere. */
export interface Hotkey {
  keys: string;
  /** What it does, for the help: a verb with its object. */
  title: string;
  group: string;
  run(event: KeyboardEvent): void;
  /** Also while a text field or a dialog has the keyboard. Combinations with Mod always do. */
  everywhere?: boolean;
}

/** What of a key event decides; a plain object in tests. */
export interface KeyPress {
  key: string;
  code?: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  isComposing: boolean;
}

export interface HotkeyRegistry {
  /** The one registered last wins. The returned function removes it. */
  register(hotkey: Hotkey): () => void;
  /** The hotkey this press means, if any. */
  find(press: KeyPress, place: KeyboardPlace): Hotkey | undefined;
  /** In the order of registration; the same array until it changes. */
  list(): readonly Hotkey[];
  subscribe(listener: () => void): () => void;
  /** Shortcuts of a single character can be switched off (WCAG 2.1.4). */
  setSingleKeys(on: boolean): void;
}

export function createHotkeyRegistry({ isMac }: { isMac: boolean }): HotkeyRegistry {
  let hotkeys: readonly Hotkey[] = [];
  let singleKeys = true;
  const listeners = new Set<() => void>();
  const change = (next: readonly Hotkey[]) => {
    hotkeys = next;
    for (const tell of listeners) tell();
  };
  const allowed = (hotkey: Hotkey, place: KeyboardPlace) => {
    if (/(^|\+)mod\+/i.test(hotkey.keys)) return true;
    if (!singleKeys && hotkey.keys.length === 1) return false;
    return place === 'page' || hotkey.everywhere === true;
  };
  return {
    register(hotkey) {
      change([...hotkeys, hotkey]);
      return () => change(hotkeys.filter((other) => other !== hotkey));
    },
    find(press, place) {
      if (press.isComposing) return undefined;
      return hotkeys.findLast((hotkey) => matchesKeys(hotkey.keys, press, isMac) && allowed(hotkey, place));
    },
    list: () => hotkeys,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setSingleKeys(on) {
      singleKeys = on;
    },
  };
}

/** Whether a press is this combination. Shift counts only with letters and named keys: `?` needs it on some layouts. */
export function matchesKeys(keys: string, press: KeyPress, isMac: boolean): boolean {
  const parts = keys.split('+').map((part) => part.toLowerCase());
  const key = parts.at(-1) ?? '';
  const wants = (name: string) => parts.slice(0, -1).includes(name);
  const mod = isMac ? press.metaKey : press.ctrlKey;
  const other = isMac ? press.ctrlKey : press.metaKey;
  if (mod !== wants('mod') || (other && !wants('ctrl'))) return false;
  if (press.altKey !== wants('alt')) return false;
  const shiftMatters = key.length > 1 || /[a-z]/.test(key);
  if (shiftMatters && press.shiftKey !== wants('shift')) return false;
  return press.key.toLowerCase() === (key === 'space' ? ' ' : key);
}
