import { AppError } from '@baton/protocol';
import { describe, expect, it } from 'vitest';
import type { Api } from '../live/api.ts';
import { createIdentity } from './identity.ts';
import { splitKey, takeKey } from './take-key.ts';

describe('takeKey', () => {
  function createPage(hash: string) {
    const replaced: string[] = [];
    const location = { hash, pathname: '/sessions/x', search: '?a=1' } as Location;
    const history = { state: null, replaceState: (_: unknown, __: string, url: string) => replaced.push(url) };
    return { page: { location, history: history as unknown as History }, replaced };
  }

  it('takes the key and leaves the rest of the address', () => {
    expect(splitKey('#key=abc&to=inbox')).toEqual({ key: 'abc', rest: '#to=inbox' });
    const { page, replaced } = createPage('#key=abc');
    expect(takeKey(page)).toBe('abc');
    expect(replaced).toEqual(['/sessions/x?a=1']);
  });

  it('removes an empty key too, and touches nothing else', () => {
    const empty = createPage('#key=');
    expect(takeKey(empty.page)).toBeUndefined();
    expect(empty.replaced).toEqual(['/sessions/x?a=1']);
    const other = createPage('#section');
    expect(takeKey(other.page)).toBeUndefined();
    expect(other.replaced).toEqual([]);
  });
});

describe('createIdentity', () => {
  const user = { id: 'usr_1', name: 'Ada', role: 'owner' };
  const none = () => Promise.reject(new Error('not asked in this test'));
  const toApi = (part: Partial<Api>): Api => ({
    ...{ call: none, getHealth: none, getMe: none, signIn: none, signOut: none },
    ...{ listBackends: none, listFolders: none, findFiles: none, getGit: none },
    ...part,
  });
  const refuse = () => Promise.reject(new AppError('unauthenticated', 'Sign in first'));

  it('exchanges the key of the address for a session, without its blanks', async () => {
    const keys: string[] = [];
    const identity = createIdentity(
      toApi({
        signIn: async (key) => {
          keys.push(key);
          return user;
        },
      }),
    );
    await identity.begin(' abc ');
    expect(keys).toEqual(['abc']);
    expect(identity.get()).toEqual({ status: 'in' });
  });

  it('says what to do about a key that is refused', async () => {
    const identity = createIdentity(toApi({ signIn: refuse }));
    await identity.begin('abc');
    expect(identity.get()).toEqual({
      status: 'out',
      error: 'This key is not valid. Run baton open to get a fresh link.',
    });
  });

  it('knows a stranger from a server that does not answer', async () => {
    const stranger = createIdentity(toApi({ getMe: refuse }));
    await stranger.begin(undefined);
    expect(stranger.get()).toEqual({ status: 'out' });
    const down = () => Promise.reject(new AppError('server-unreachable', 'Down'));
    const offline = createIdentity(toApi({ getMe: down }));
    await offline.begin(undefined);
    expect(offline.get()).toEqual({ status: 'in' });
  });

  it('is out after signing out, also when the session had ended before', async () => {
    const identity = createIdentity(toApi({ signOut: refuse }));
    await identity.signOut();
    expect(identity.get()).toEqual({ status: 'out' });
  });
});
