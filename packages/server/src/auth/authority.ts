import type { IncomingMessage } from 'node:http';
import type { Clock } from '@baton/core';
import { AppError, type User } from '@baton/protocol';
import { createAttemptLimit } from './attempt-limit.ts';
import type { BrowserSessions } from './browser-sessions.ts';
import { parseCookie } from './cookie.ts';
import { createLeases, type Leases } from './leases.ts';
import { hashSecret, isSameHash } from './secret.ts';

/** Who a request is from. */
export interface Identity {
  user: User;
  /** Present when the browser's cookie proved it; a key has no session to sign out of. */
  sessionHash?: string;
  /** The token whose cookie has to be sent again, because its expiry moved. */
  renewedToken?: string;
}

/** Decides who asks. Being on loopback proves nothing; every request shows a key or a cookie. */
export interface Authority {
  /**
   * Throws `unauthenticated`, or `rate-limited` after too many wrong keys. The right key always works: whoever shares an
   * address with a program that tries wrong ones (on loopback, every program) is not shut out by it.
   */
  identify(request: IncomingMessage): Identity;
  /** A new browser session for whoever has the key. Throws as `identify`. */
  signIn(key: string, address: string): { user: User; token: string };
  /** Ends the browser session and every connection that it opened. */
  signOut(identity: Identity): void;
  /** Set once the port is known: cookies do not tell ports apart, so two servers on one host need two names. */
  cookieName: string;
  readonly leases: Leases;
}

export interface AuthorityOptions {
  ownerKey: string;
  browserSessions: BrowserSessions;
  clock: Clock;
  limits: { signInPerMinute: number; keysPerMinute: number };
}

export const OWNER: User = { id: 'owner', name: 'Owner', role: 'owner' };

export function createAuthority(options: AuthorityOptions): Authority {
  const { browserSessions, clock } = options;
  const ownerHash = hashSecret(options.ownerKey);
  const signIns = createAttemptLimit(clock, options.limits.signInPerMinute);
  const keys = createAttemptLimit(clock, options.limits.keysPerMinute);
  const leases = createLeases();

  function identifyKeys(presented: readonly string[], address: string): Identity {
    if (presented.every((key) => isSameHash(hashSecret(key), ownerHash))) return { user: OWNER };
    keys.check(address);
    keys.fail(address);
    throw new AppError(
      'unauthenticated',
      'The key of this request is not right: it may have been changed or cut off. "baton open" on the server\'s machine, where BATON_KEY is not set, prints a link with the right one',
    );
  }

  return {
    cookieName: 'baton_session',
    leases,
    identify(request) {
      const presented = readKeys(request);
      if (presented.length > 0) return identifyKeys(presented, toAddress(request));
      const tokens = parseCookie(request.headers.cookie, this.cookieName);
      const token = tokens.length === 1 ? tokens[0] : undefined;
      const session = token === undefined || token === '' ? undefined : browserSessions.find(token);
      if (token === undefined || session === undefined) throw toMissingIdentity(tokens.length);
      return {
        user: OWNER,
        sessionHash: session.hash,
        ...(session.renewed ? { renewedToken: token } : {}),
      };
    },
    signIn(key, address) {
      if (!isSameHash(hashSecret(key), ownerHash)) {
        signIns.check(address);
        signIns.fail(address);
        throw new AppError('unauthenticated', 'This key is not right: copy the whole link that the server printed');
      }
      return { user: OWNER, token: browserSessions.create() };
    },
    signOut(identity) {
      if (identity.sessionHash === undefined) return;
      browserSessions.delete(identity.sessionHash);
      leases.endAll(identity.sessionHash);
    },
  };
}

function toMissingIdentity(cookies: number): AppError {
  if (cookies > 1) return new AppError('unauthenticated', 'This request has two session cookies; sign in again');
  const what = cookies === 1 ? 'The session of this browser has ended' : 'This request shows no key and no session';
  return new AppError('unauthenticated', `${what}: open the link that the server printed, or send the owner key`);
}

// Every key that a request shows must be right, and each header may come once. Read from the raw list, since Node hides repeats.
function readKeys(request: IncomingMessage): string[] {
  const keys: string[] = [];
  const seen = new Set<string>();
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index]?.toLowerCase() ?? '';
    if (name !== 'x-api-key' && name !== 'authorization') continue;
    const value = (request.rawHeaders[index + 1] ?? '').trim();
    const key = name === 'x-api-key' ? value : (/^bearer +(\S+)$/i.exec(value)?.[1] ?? '');
    keys.push(seen.has(name) ? '' : key);
    seen.add(name);
  }
  return keys;
}

export function toAddress(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? '';
}
