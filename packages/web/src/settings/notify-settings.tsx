import { useState } from 'react';
import { askToNotify, notifyStore, readNotifyPermission, type NotifyPermission } from '../attention/notifications.ts';
import { useStore } from '../live/use-store.ts';
import { Switch } from '../ui/switch.tsx';

const NOTES: Record<NotifyPermission, string> = {
  granted: 'Shown by the system while this page is open and not in sight.',
  default: 'The browser will ask whether Baton may show them.',
  denied: 'The browser blocks them for this address. Allow notifications in its site settings, then come back.',
  unsupported: 'This browser has none. The title and the icon of the page still show the count.',
};

export function NotifySettings() {
  const on = useStore(notifyStore);
  const [permission, setPermission] = useState(readNotifyPermission);
  const change = async (next: boolean) => {
    if (!next || permission === 'granted') return notifyStore.set(next);
    setPermission(await askToNotify());
  };
  return (
    <Switch
      label="Show a notification"
      description={NOTES[permission]}
      checked={on && permission === 'granted'}
      disabled={permission === 'denied' || permission === 'unsupported'}
      onChange={(next) => void change(next)}
    />
  );
}
