import type { BatonClient, ReadableStore, SessionHandle, SessionSnapshot } from '@baton/client';
import type { SessionId } from '@baton/protocol';

/** How long a session stays subscribed after its last view closed, so that going back is instant. */
const LINGER_MS = 20_000;

const LOADING: SessionSnapshot = {
  status: 'loading',
  timeline: { seq: 0, turns: [], marks: [], agentOutput: [], approvals: [], questions: [] },
  optimistic: [],
  steering: [],
  hasOlder: false,
};

/** One session as a store that opens itself with its first listener and closes some time after its last. */
export interface SessionSource extends ReadableStore<SessionSnapshot> {
  loadOlder(): Promise<void>;
}

const sources = new WeakMap<BatonClient, Map<SessionId, SessionSource>>();

/** The same source for the same client and id. */
export function getSessionSource(client: BatonClient, sessionId: SessionId): SessionSource {
  const known = sources.get(client) ?? new Map<SessionId, SessionSource>();
  sources.set(client, known);
  const source = known.get(sessionId) ?? createSessionSource(() => client.openSession(sessionId));
  known.set(sessionId, source);
  return source;
}

export function createSessionSource(open: () => SessionHandle, lingerMs = LINGER_MS): SessionSource {
  let handle: SessionHandle | undefined;
  let listeners = 0;
  let closing: ReturnType<typeof setTimeout> | undefined;
  const close = () => {
    handle?.close();
    handle = undefined;
  };
  return {
    get: () => handle?.get() ?? LOADING,
    subscribe(listener) {
      clearTimeout(closing);
      handle ??= open();
      listeners += 1;
      const stop = handle.subscribe(listener);
      return () => {
        stop();
        listeners -= 1;
        if (listeners === 0) closing = setTimeout(close, lingerMs);
      };
    },
    loadOlder: async () => handle?.loadOlder(),
  };
}
