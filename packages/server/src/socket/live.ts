import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { API_PREFIX, AppError, toAppError } from '@baton/protocol';
import { WebSocketServer } from 'ws';
import type { Authority, Identity } from '../auth/authority.ts';
import { every } from '../clock.ts';
import type { Gate } from '../http/gate.ts';
import { toErrorDocument, writeDocument } from '../http/problem.ts';
import type { Log } from '../log/log.ts';
import type { Limits } from '../settings.ts';
import { CLOSE, Connection, type ConnectionParts, type Peer } from './connection.ts';

const MAX_FRAME_BYTES = 20 * 1024 * 1024;
const TICK_MS = 1000;
const GOODBYE_MS = 1000;
export const LIVE_PATH = `${API_PREFIX}/live`;

export interface LiveParts extends ConnectionParts {
  gate: Gate;
  authority: Authority;
  log: Log;
  limits: Limits;
  isStopping(): boolean;
}

/** All live sockets of this server. */
export interface LiveSockets {
  /** For the `upgrade` event of the HTTP server. What is refused gets a plain HTTP answer. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  readonly size: number;
  /** Says goodbye to everyone and resolves when all are gone, within about a second. */
  close(): Promise<void>;
}

export function createLiveSockets(parts: LiveParts): LiveSockets {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    clientTracking: false,
  });
  const connections = new Set<Connection>();
  let onEmpty: (() => void) | undefined;
  const stopTicks = every(parts.clock, TICK_MS, () => {
    const now = parts.clock.now();
    for (const connection of connections) connection.tick(now);
  });

  function accept(peer: Peer): void {
    const { socket, identity } = peer;
    const connection = new Connection(peer, parts);
    connections.add(connection);
    const giveBack = parts.authority.leases.hold(identity.sessionHash, () =>
      connection.close(CLOSE.signedOut, 'signed out'),
    );
    socket.once('close', () => {
      giveBack();
      connections.delete(connection);
      if (connections.size === 0) onEmpty?.();
    });
  }

  return {
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy());
      try {
        const identity = admit(parts, connections, request);
        server.handleUpgrade(request, socket, head, (accepted) => accept({ socket: accepted, wire: socket, identity }));
      } catch (cause) {
        const error = toAppError(cause);
        parts.log.info({ kind: error.kind, path: request.url?.split('?')[0] }, 'Refused a live socket');
        writeDocument(socket, toErrorDocument(error));
      }
    },
    get size() {
      return connections.size;
    },
    async close() {
      stopTicks();
      for (const connection of connections) connection.close(CLOSE.goingAway, 'the server is stopping');
      if (connections.size === 0) return;
      await new Promise<void>((resolve) => {
        onEmpty = resolve;
        parts.clock.after(GOODBYE_MS, resolve);
      });
      for (const connection of connections) connection.terminate();
    },
  };
}

// Who may not come in is told over plain HTTP, before any frame.
function admit(parts: LiveParts, connections: ReadonlySet<Connection>, request: IncomingMessage): Identity {
  parts.gate.check(request);
  if (request.url?.split('?')[0] !== LIVE_PATH) {
    throw new AppError('not-found', `There is no socket at this path: use ${LIVE_PATH}`);
  }
  if (parts.isStopping()) throw new AppError('shutting-down', 'The server is shutting down');
  const identity = parts.authority.identify(request);
  const ungreeted = [...connections].filter((connection) => !connection.greeted).length;
  if (connections.size >= parts.limits.maxSockets || ungreeted >= parts.limits.maxUngreeted) {
    throw new AppError('rate-limited', `Too many live sockets are open (${connections.size}): close some`);
  }
  return identity;
}
