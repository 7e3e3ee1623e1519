import * as http from 'node:http';
import type { Plugin } from 'rolldown';

const ID = '\0lean-http';
/** Getters of `node:http` that load the whole of undici (fetch, its own WebSocket) the moment they are read. */
const LAZY = new Set(['WebSocket', 'CloseEvent', 'MessageEvent', 'default', 'module.exports']);

/**
 * Importing `node:http` as an ES module reads every export once, the lazy ones too: some 40 ms and 6 MB of a start-up, for
 * code that a server does not use. The bundle takes the module without them.
 */
export function createLeanHttpPlugin(): Plugin {
  const names = Object.keys(http).filter((name) => !LAZY.has(name));
  return {
    name: 'baton-lean-http',
    resolveId: {
      filter: { id: /^(node:)?http$/ },
      handler: (_id, _importer, { kind }) => (kind === 'require-call' ? undefined : { id: ID }),
    },
    load: {
      filter: { id: /^\0lean-http$/ },
      handler: () => `const http = process.getBuiltinModule('node:http');
export default http;
export const { ${names.join(', ')} } = http;`,
    },
  };
}
