import { AppError } from '@baton/protocol';

/** What a socket tells. `closed` comes once, and nothing after it; a failure to open is a `closed` too. */
export interface SocketListener {
  opened(): void;
  received(text: string): void;
  closed(code: number, reason: string): void;
}

export interface Socket {
  send(text: string): void;
  /** Gives up the socket; the listener hears nothing more. */
  drop(): void;
}

export interface SocketOptions {
  url: string;
  headers: Readonly<Record<string, string>>;
  listener: SocketListener;
}

export type OpenSocket = (options: SocketOptions) => Socket;

/** The standard constructor. Node's own takes headers in a second argument; browsers have the cookie instead. */
export type WebSocketConstructor = new (
  url: string,
  options?: { headers: Readonly<Record<string, string>> },
) => StandardWebSocket;

interface StandardWebSocket {
  addEventListener(name: string, listener: (event: { data?: unknown; code?: unknown; reason?: unknown }) => void): void;
  send(text: string): void;
  close(): void;
}

/** Sockets of a WebSocket constructor; without one that of the platform. */
export function toOpenSocket(constructor?: WebSocketConstructor): OpenSocket {
  return ({ url, headers, listener }) => {
    const WebSocket = constructor ?? platformWebSocket();
    const socket = Object.keys(headers).length === 0 ? new WebSocket(url) : new WebSocket(url, { headers });
    let over = false;
    const unlessOver = (tell: () => void) => {
      if (!over) tell();
    };
    socket.addEventListener('open', () => unlessOver(() => listener.opened()));
    socket.addEventListener('message', ({ data }) =>
      unlessOver(() => listener.received(typeof data === 'string' ? data : '')),
    );
    // An error is always followed by a close; listening keeps Node from reporting it as unhandled.
    socket.addEventListener('error', () => {});
    socket.addEventListener('close', ({ code, reason }) =>
      unlessOver(() => {
        over = true;
        listener.closed(typeof code === 'number' ? code : 1006, typeof reason === 'string' ? reason : '');
      }),
    );
    return {
      send: (text) => socket.send(text),
      drop() {
        over = true;
        socket.close();
      },
    };
  };
}

function platformWebSocket(): WebSocketConstructor {
  const found: unknown = globalThis.WebSocket;
  if (!isConstructor(found)) throw new AppError('internal', 'Cannot connect: this runtime has no WebSocket');
  return found;
}

function isConstructor(value: unknown): value is WebSocketConstructor {
  return typeof value === 'function';
}
