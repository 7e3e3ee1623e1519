import { useStore } from '../live/use-store.ts';
import { Switch } from '../ui/switch.tsx';
import { singleKeys } from './single-keys.ts';

export function SingleKeySetting() {
  return (
    <Switch
      label="Shortcuts of a single key"
      description="N, J, K and the like. Switch them off when you dictate or press keys by accident."
      checked={useStore(singleKeys)}
      onChange={singleKeys.set}
    />
  );
}
