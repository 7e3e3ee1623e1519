import { useStore } from '../live/use-store.ts';
import { lookStore, type Look } from './look.ts';

export function useLook(): Look {
  return useStore(lookStore);
}
