import { createContext, useContext } from 'react';
import type { IdentityStore } from './identity.ts';

export const IdentityContext = createContext<IdentityStore | null>(null);

/** Who is signed in, and the way out. */
export function useIdentity(): IdentityStore {
  const identity = useContext(IdentityContext);
  if (identity === null) throw new Error('Broken invariant: useIdentity is used outside the app');
  return identity;
}
