import type { BatonClient } from '@baton/client';
import type { Identity } from '../sign-in/identity.ts';
import { watchServer } from './fetch-code.ts';
import { createValueStore, type ValueStore } from './value-store.ts';

/** The one connection of the page: there while someone is signed in, closed and gone when not. */
export function createLine(options: {
  identity: ValueStore<Identity>;
  connect(): BatonClient;
}): ValueStore<BatonClient | undefined> {
  const { identity, connect } = options;
  const line = createValueStore<BatonClient | undefined>(undefined);
  const follow = () => {
    const client = line.get();
    const isIn = identity.get().status === 'in';
    if (isIn && client === undefined) line.set(openLine(connect(), identity));
    if (isIn || client === undefined) return;
    line.set(undefined);
    client.close();
  };
  identity.subscribe(follow);
  follow();
  return line;
}

// The server may end the browser's session at any time; then the page asks to sign in again.
function openLine(client: BatonClient, identity: ValueStore<Identity>): BatonClient {
  let wasOnline = false;
  client.connection.subscribe(() => {
    const { status } = client.connection.get();
    if (status === 'online') wasOnline = true;
    if (status === 'unauthenticated') identity.set({ status: 'out' });
  });
  // Before the first connection nothing is known.
  watchServer(() => wasOnline && client.connection.get().status !== 'online');
  return client;
}
