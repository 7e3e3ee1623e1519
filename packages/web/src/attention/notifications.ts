import { createValueStore } from '../live/value-store.ts';
import { createStoredValue } from '../ui/stored-value.ts';
import type { Call } from './new-calls.ts';

const stored = createStoredValue('notify');

/** Whether this browser shows a notification when an agent needs its user and the page is not in sight. */
export const notifyStore = createValueStore(stored.get() === 'on', (on) => stored.set(on ? 'on' : 'off'));

export type NotifyPermission = 'granted' | 'denied' | 'default' | 'unsupported';

export function readNotifyPermission(): NotifyPermission {
  return typeof Notification === 'undefined' ? 'unsupported' : Notification.permission;
}

/** Asks the browser; must be called from a click. */
export async function askToNotify(): Promise<NotifyPermission> {
  if (typeof Notification === 'undefined') return 'unsupported';
  const permission = await Notification.requestPermission();
  notifyStore.set(permission === 'granted');
  return permission;
}

export function showNotification(call: Call, open: () => void): void {
  if (!notifyStore.get() || readNotifyPermission() !== 'granted') return;
  try {
    const notification = new Notification(call.title, { body: call.body, tag: call.id, icon: '/icon-192.png' });
    notification.addEventListener('click', () => {
      window.focus();
      notification.close();
      open();
    });
  } catch {
    // Android's Chrome only takes them from a service worker; the title and the badge still tell.
  }
}
