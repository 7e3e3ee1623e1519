import { createValueStore } from '../live/value-store.ts';
import { createStoredValue } from '../ui/stored-value.ts';
import { hotkeys } from '../ui/use-hotkeys.ts';

const stored = createStoredValue('single-keys');

/** Whether shortcuts without Mod, Ctrl or Alt work. */
export const singleKeys = createValueStore(stored.get() !== 'off', (on) => {
  stored.set(on ? 'on' : 'off');
  hotkeys.setSingleKeys(on);
});
hotkeys.setSingleKeys(singleKeys.get());
