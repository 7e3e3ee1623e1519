import type { Plugin } from 'rolldown';

const UNUSED = '\0unused:';
/**
 * Parts of dependencies that stay unused by how we use them: Fastify has no JSON schemas of ours to compile, no plugins
 * whose version it checks and no requests to simulate; pino writes where we tell it and starts no thread.
 */
const NAMES = new Set([
  '@fastify/ajv-compiler',
  '@fastify/fast-json-stringify-compiler',
  'light-my-request',
  'semver',
  'thread-stream',
]);

/** Leaves such parts out of the bundle, which halves what a start has to read. Calling one fails and says so. */
export function createUnusedPartsPlugin(): Plugin {
  return {
    name: 'baton-unused-parts',
    resolveId: {
      filter: { id: /^(@fastify\/)?[a-z0-9_-]+$/ },
      handler(id, importer) {
        if (NAMES.has(id)) return { id: `${UNUSED}${id}` };
        return id === 'worker_threads' && importer?.includes('/pino/') === true ? { id: `${UNUSED}${id}` } : undefined;
      },
    },
    load: {
      filter: { id: /^\0unused:/ },
      handler: (id) => toStandIn(id.slice(UNUSED.length)),
    },
  };
}

function toStandIn(name: string): string {
  if (name === 'worker_threads') return 'module.exports = { isMainThread: true };';
  return `module.exports = () => { throw new Error('Broken invariant: "${name}" is not part of the bundle'); };`;
}
