import type { Plugin } from 'rolldown';

const LATE = '\0late-builtin:';

/**
 * Fastify and ws require these modules of Node at their top, and call into them for a server with TLS, a client, or a
 * compressed socket. The bundle loads each at the first use: a start is some 10 ms shorter.
 */
export function createLateBuiltinsPlugin(): Plugin {
  return {
    name: 'baton-late-builtins',
    resolveId: {
      filter: { id: /^(node:)?(http2|https|tls|zlib)$/ },
      handler: (id, _importer, { kind }) =>
        kind === 'require-call' ? { id: `${LATE}${id.replace('node:', '')}` } : undefined,
    },
    load: {
      filter: { id: /^\0late-builtin:/ },
      handler: (id) =>
        `module.exports = new Proxy({}, { get: (_, key) => process.getBuiltinModule('node:${id.slice(LATE.length)}')[key] });`,
    },
  };
}
