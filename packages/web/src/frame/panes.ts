import { createStoredValue } from '../ui/stored-value.ts';
import { createValueStore, type ValueStore } from '../live/value-store.ts';

function createRememberedSwitch(name: string): ValueStore<boolean> {
  const stored = createStoredValue(name);
  return createValueStore(stored.get() !== 'closed', (open) => stored.set(open ? 'open' : 'closed'));
}

/** Whether the column at the left is shown. */
export const railOpen = createRememberedSwitch('rail');
/** Whether the column at the right is shown, where there is one. */
export const drawerOpen = createRememberedSwitch('drawer');

export const RAIL_LIMITS = { min: 208, max: 400, initial: 264 };
export const DRAWER_LIMITS = { min: 280, max: 560, initial: 340 };
