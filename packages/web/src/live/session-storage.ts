import type { CommandStorage } from '@baton/client';

/** Where commands without a receipt outlive a reload of this tab; absent where storage is blocked. */
export function readSessionStorage(): CommandStorage | undefined {
  try {
    return window.sessionStorage;
  } catch {
    return undefined;
  }
}
