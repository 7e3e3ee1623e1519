import type { BatonClient, ConnectionState, InboxSnapshot, SessionSnapshot, SessionsSnapshot } from '@baton/client';
import type { SessionId, SessionView } from '@baton/protocol';
import { createContext, useContext, useMemo, type ReactNode } from 'react';
import type { Api } from './api.ts';
import { getSessionSource } from './session-source.ts';
import { useStore, useStorePart } from './use-store.ts';

interface Baton {
  client: BatonClient;
  api: Api;
}

const BatonContext = createContext<Baton | null>(null);

export function BatonProvider({ client, api, children }: Baton & { children: ReactNode }) {
  const value = useMemo(() => ({ client, api }), [client, api]);
  return <BatonContext value={value}>{children}</BatonContext>;
}

function useBaton(): Baton {
  const baton = useContext(BatonContext);
  if (baton === null) throw new Error('Broken invariant: a hook of Baton is used outside BatonProvider');
  return baton;
}

/** The live connection: send commands, open sessions, read its stores. */
export function useClient(): BatonClient {
  return useBaton().client;
}

/** What is asked over HTTP: folders, backends, files, git. */
export function useApi(): Api {
  return useBaton().api;
}

/** The truth about the line. */
export function useConnection(): ConnectionState {
  return useStore(useClient().connection);
}

/** Every session, newest activity first. */
export function useSessions(): SessionsSnapshot {
  return useStore(useClient().sessions);
}

/** What waits for a person, across sessions. */
export function useInbox(): InboxSnapshot {
  return useStore(useClient().inbox);
}

export interface LiveSession extends SessionSnapshot {
  /** Brings the events before those that are loaded. */
  loadOlder(): Promise<void>;
}

/** One session with its timeline, subscribed while it is shown. */
export function useSession(sessionId: SessionId): LiveSession {
  const client = useClient();
  const source = getSessionSource(client, sessionId);
  const snapshot = useStore(source);
  return useMemo(() => ({ ...snapshot, loadOlder: source.loadOlder }), [snapshot, source]);
}

/** A part of one session: renders only when that part changes. */
export function useSessionPart<P>(sessionId: SessionId, select: (snapshot: SessionSnapshot) => P): P {
  return useStorePart(getSessionSource(useClient(), sessionId), select);
}

/** One session as the list knows it, without subscribing to its events. */
export function useSessionView(sessionId: SessionId): SessionView | undefined {
  return useStorePart(useClient().sessions, ({ sessions }) => sessions.find((session) => session.id === sessionId));
}
