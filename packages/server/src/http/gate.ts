import type { IncomingMessage } from 'node:http';
import { AppError } from '@baton/protocol';

/** Refuses what another web page could make a browser send. Runs before everything else, upgrades included. */
export interface Gate {
  /** Throws `forbidden`. */
  check(request: IncomingMessage): void;
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];
// A name, an IPv4 address or a bracketed IPv6 address, and perhaps a port.
const HOST = /^(?<name>[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::(?<port>\d{1,5}))?$/;

export interface GateOptions {
  /** The address the server listens on, and names its owner added. */
  hosts: readonly string[];
}

export function createGate({ hosts }: GateOptions): Gate {
  const extra = new Set(hosts.map(toHostName).filter((host) => host !== '0.0.0.0' && host !== '[::]'));
  const names = new Set([...LOOPBACK_NAMES, ...extra]);
  return {
    check(request) {
      const host = parseHost(request.headers.host);
      if (host === undefined || countHosts(request) !== 1 || !names.has(host.name)) {
        throw new AppError(
          'forbidden',
          `This server does not answer for the host "${request.headers.host ?? ''}". Add it to BATON_ALLOWED_HOSTS if it is yours`,
        );
      }
      checkOrigin(request, host, extra);
      checkSite(request);
    },
  };
}

interface Host {
  name: string;
  port: string;
  text: string;
}

function parseHost(text: string | undefined): Host | undefined {
  const lower = text?.toLowerCase() ?? '';
  const groups = HOST.exec(lower)?.groups;
  if (groups === undefined) return undefined;
  return { name: groups['name'] ?? '', port: groups['port'] ?? '', text: lower };
}

// Node keeps the first of two Host headers; a proxy in front may have looked at the other.
function countHosts(request: IncomingMessage): number {
  return request.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
}

// The page must come from this very server: the same host and port. A name that the owner added may come without a port,
// because a proxy in front of the server has another port than the server.
function checkOrigin(request: IncomingMessage, host: Host, extra: ReadonlySet<string>): void {
  const origin = request.headers.origin;
  if (origin === undefined) return;
  const text = /^https?:\/\/(?<host>[^/]+)$/.exec(origin.toLowerCase())?.groups?.['host'];
  const from = parseHost(text);
  const same = from !== undefined && from.text === host.text;
  const proxied = from !== undefined && from.port === '' && extra.has(from.name);
  if (!same && !proxied) {
    throw new AppError('forbidden', `A page of "${origin.slice(0, 200)}" may not use this server`);
  }
}

// Browsers send no Origin with some requests of a foreign page, but they do say where the page is from.
function checkSite(request: IncomingMessage): void {
  const site = request.headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  const isNavigation = request.method === 'GET' && request.headers['sec-fetch-mode'] === 'navigate';
  const isApi = request.url?.startsWith('/api') ?? true;
  if (isNavigation && !isApi) return;
  throw new AppError('forbidden', 'A page of another site may not use this server');
}

// As a Host header would write it, without port: IPv6 in brackets.
function toHostName(host: string): string {
  const lower = host.toLowerCase();
  const written = parseHost(lower);
  if (written !== undefined) return written.name;
  return lower.includes(':') && !lower.startsWith('[') ? `[${lower}]` : lower;
}
