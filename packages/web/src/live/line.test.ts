import type { BatonClient, ConnectionState } from '@baton/client';
import { expect, it } from 'vitest';
import type { Identity } from '../sign-in/identity.ts';
import { createLine } from './line.ts';
import { createValueStore } from './value-store.ts';

const USER = { id: 'usr_1', name: 'Ada', role: 'owner' };

function createWorld() {
  const identity = createValueStore<Identity>({ status: 'checking' });
  const connection = createValueStore<ConnectionState>({ status: 'connecting', attempt: 1 });
  const clients: { closed: boolean }[] = [];
  const connect = () => {
    const made = { closed: false };
    clients.push(made);
    const close = () => {
      made.closed = true;
    };
    return { connection, close } as unknown as BatonClient;
  };
  return { identity, connection, clients, line: createLine({ identity, connect }) };
}

it('connects once someone is signed in, and only once', () => {
  const { identity, clients, line } = createWorld();
  expect(line.get()).toBeUndefined();
  identity.set({ status: 'in' });
  identity.set({ status: 'in' });
  expect(clients).toHaveLength(1);
  expect(line.get()).toBeDefined();
});

it('closes when they sign out and begins anew when they come back', () => {
  const { identity, clients, line } = createWorld();
  identity.set({ status: 'in' });
  identity.set({ status: 'out' });
  expect(line.get()).toBeUndefined();
  expect(clients.map((client) => client.closed)).toEqual([true]);
  identity.set({ status: 'in' });
  expect(clients.map((client) => client.closed)).toEqual([true, false]);
});

it('asks to sign in again when the server no longer knows this browser', () => {
  const { identity, connection, clients, line } = createWorld();
  identity.set({ status: 'in' });
  connection.set({ status: 'online', since: 0, user: USER, serverVersion: '1' });
  expect(identity.get()).toEqual({ status: 'in' });
  connection.set({ status: 'unauthenticated' });
  expect(identity.get()).toEqual({ status: 'out' });
  expect(line.get()).toBeUndefined();
  expect(clients.map((client) => client.closed)).toEqual([true]);
});
