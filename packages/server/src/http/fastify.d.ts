import type { Identity } from '../auth/authority.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set before any handler of a route that is not open. */
    identity: Identity;
  }
  interface FastifyContextConfig {
    /** Needs no identity. */
    open?: boolean;
  }
}
