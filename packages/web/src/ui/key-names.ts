const MAC_NAMES: Record<string, string> = { mod: '⌘', shift: '⇧', alt: '⌥', ctrl: '⌃' };
const PLAIN_NAMES: Record<string, string> = { mod: 'Ctrl', shift: 'Shift', alt: 'Alt', ctrl: 'Ctrl' };
const KEY_NAMES: Record<string, string> = {
  enter: '↵',
  escape: 'Esc',
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  backspace: '⌫',
  space: 'Space',
};

/** The names printed on keys for a combination such as `Mod+Enter`; `Mod` is Command on a Mac and Control elsewhere. */
export function toKeyNames(keys: string, isMac: boolean): string[] {
  const modifiers = isMac ? MAC_NAMES : PLAIN_NAMES;
  return keys.split('+').map((part) => {
    const key = part.toLowerCase();
    return modifiers[key] ?? KEY_NAMES[key] ?? (part.length === 1 ? part.toUpperCase() : part);
  });
}

/** A combination in the form of the `aria-keyshortcuts` attribute. */
export function toAriaKeys(keys: string, isMac: boolean): string {
  return keys
    .split('+')
    .map((part) => (part.toLowerCase() === 'mod' ? (isMac ? 'Meta' : 'Control') : part))
    .join('+');
}

export const IS_MAC = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);
