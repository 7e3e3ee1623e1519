import type { Engine } from '@baton/core';
import { listPresent } from '../agents/list-present.ts';
import type { NewestVersions } from '../agents/newest-versions.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Handlers } from './register.ts';

export interface DocumentParts {
  engine: Engine;
  metrics: Metrics;
  newest: NewestVersions;
  version: string;
}

export function createDocumentHandlers(
  parts: DocumentParts,
): Pick<Handlers, 'listBackends' | 'getOpenapi' | 'getMetrics'> {
  let openapi: Promise<unknown> | undefined;
  return {
    listBackends: async ({ query }) => ({
      items: parts.newest.complete(await listPresent(parts.engine, query.refresh ?? false)),
    }),
    // Made when first asked for: nobody waits for it at start-up.
    getOpenapi: () => {
      openapi ??= import('./openapi.ts').then(({ toOpenApi }) => toOpenApi(parts.version));
      return openapi;
    },
    async getMetrics({ reply }) {
      const { contentType, text } = await parts.metrics.render();
      void reply.type(contentType);
      return text;
    },
  };
}
