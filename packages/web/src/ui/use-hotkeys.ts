import { useEffect, useRef, useSyncExternalStore } from 'react';
import { createHotkeyRegistry, type Hotkey } from './hotkeys.ts';
import { IS_MAC } from './key-names.ts';
import { toKeyboardPlace } from './keyboard-place.ts';

/** The registry of the page; every shortcut goes through it, so the help shows them all. */
export const hotkeys = createHotkeyRegistry({ isMac: IS_MAC });

/**
 * Registers shortcuts while the component is mounted. `run` may change on every render; a change of keys or titles
 * registers anew. `enabled: false` takes them out.
 */
export function useHotkeys(list: readonly Hotkey[], options: { enabled?: boolean } = {}): void {
  const enabled = options.enabled ?? true;
  const latest = useRef(list);
  useEffect(() => {
    latest.current = list;
  });
  const shape = list
    .map((hotkey) => `${hotkey.keys}\n${hotkey.title}\n${hotkey.group}\n${hotkey.everywhere}`)
    .join('\n\n');
  useEffect(() => {
    if (!enabled) return undefined;
    const removals = latest.current.map((hotkey, index) =>
      hotkeys.register({ ...hotkey, run: (event) => latest.current[index]?.run(event) }),
    );
    return () => removals.forEach((remove) => remove());
  }, [shape, enabled]);
}

/** Every shortcut that works now, for the help. */
export function useHotkeyList(): readonly Hotkey[] {
  return useSyncExternalStore(hotkeys.subscribe, hotkeys.list);
}

/** Listens on the window; called once by the app. */
export function listenForHotkeys(target: Window): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    const hotkey = hotkeys.find(event, toKeyboardPlace(event.target));
    if (hotkey === undefined) return;
    event.preventDefault();
    hotkey.run(event);
  };
  target.addEventListener('keydown', onKeyDown);
  return () => target.removeEventListener('keydown', onKeyDown);
}
