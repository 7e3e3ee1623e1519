import { isAppError } from '@baton/protocol';
import type { Api } from '../live/api.ts';
import { createValueStore, type ValueStore } from '../live/value-store.ts';

/** Whether this browser may talk to the server. `in` is also assumed while the server does not answer. */
export type Identity = { status: 'checking' } | { status: 'in' } | { status: 'out'; error?: string };

export interface IdentityStore extends ValueStore<Identity> {
  /** Finds out, with the key of the address bar if there was one. */
  begin(key: string | undefined): Promise<void>;
  signIn(key: string): Promise<void>;
  signOut(): Promise<void>;
}

export function createIdentity(api: Api): IdentityStore {
  const store = createValueStore<Identity>({ status: 'checking' });
  const signIn = async (key: string) => {
    try {
      await api.signIn(key.trim());
      store.set({ status: 'in' });
    } catch (error) {
      store.set({ status: 'out', error: toSignInError(error) });
    }
  };
  return {
    ...store,
    signIn,
    async begin(key) {
      if (key !== undefined) return signIn(key);
      try {
        await api.getMe();
        store.set({ status: 'in' });
      } catch (error) {
        store.set(isKind(error, 'unauthenticated') ? { status: 'out' } : { status: 'in' });
      }
    },
    async signOut() {
      await api.signOut().catch((error: unknown) => {
        if (!isKind(error, 'unauthenticated')) throw error;
      });
      store.set({ status: 'out' });
    },
  };
}

function isKind(error: unknown, kind: string): boolean {
  return isAppError(error) && error.kind === kind;
}

function toSignInError(error: unknown): string {
  if (isKind(error, 'unauthenticated') || isKind(error, 'forbidden')) {
    return 'This key is not valid. Run baton open to get a fresh link.';
  }
  return isAppError(error) ? error.message : 'Cannot sign in: the page failed. Load it again.';
}
