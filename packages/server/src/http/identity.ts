import { SESSION_DAYS } from '../auth/browser-sessions.ts';
import { toAddress, type Authority } from '../auth/authority.ts';
import { toSetCookie } from '../auth/cookie.ts';
import type { FastifyRequest } from 'fastify';
import type { Handlers } from './register.ts';

const MAX_AGE_SECONDS = SESSION_DAYS * 24 * 60 * 60;

export function createIdentityHandlers(authority: Authority): Pick<Handlers, 'signIn' | 'signOut' | 'getMe'> {
  return {
    async signIn({ body, request, reply }) {
      const { user, token } = authority.signIn(body.key, toAddress(request.raw));
      void reply.header('set-cookie', toSessionCookie(authority, request, token));
      return { user };
    },
    async signOut({ identity, request, reply }) {
      authority.signOut(identity);
      const secure = isSecure(request);
      void reply.header('set-cookie', toSetCookie(authority.cookieName, '', { maxAgeSeconds: 0, secure }));
    },
    getMe: async ({ identity }) => ({ user: identity.user }),
  };
}

export function toSessionCookie(authority: Authority, request: FastifyRequest, token: string): string {
  return toSetCookie(authority.cookieName, token, { maxAgeSeconds: MAX_AGE_SECONDS, secure: isSecure(request) });
}

// The server itself speaks plain HTTP; behind a TLS proxy the page's origin tells.
function isSecure(request: FastifyRequest): boolean {
  return request.headers.origin?.startsWith('https://') ?? false;
}
