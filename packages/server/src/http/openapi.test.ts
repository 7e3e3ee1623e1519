import { ROUTES, type Route } from '@baton/protocol';
import { describe, expect, it } from 'vitest';
import { startTestServer } from '../../test/test-server.ts';
import { toOpenApi } from './openapi.ts';

type Operation = {
  operationId: string;
  parameters?: { name: string; in: string }[];
  responses: Record<string, unknown>;
  security?: unknown[];
};

function listOperations(document: Record<string, unknown>): [string, Operation][] {
  const paths = document['paths'] as Record<string, Record<string, Operation>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method} ${path}`, operation]),
  );
}

const byText = (left = '', right = ''): number => left.localeCompare(right);

describe('the OpenAPI document', () => {
  it('has every route of the protocol and no other', () => {
    const documented = listOperations(toOpenApi('1.0.0')).map(([place]) => place);
    const routes = Object.values<Route>(ROUTES).map(
      ({ method, path }) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, '{$1}')}`,
    );
    expect(documented.toSorted()).toEqual(routes.toSorted());
  });

  it('has no route that the server does not serve, nor the server one that it does not have', async () => {
    const { ask } = await startTestServer();
    const document = (await ask('/api/v1/openapi.json')).json;
    for (const [place] of listOperations(document)) {
      const [method = '', path = ''] = place.split(' ');
      const concrete = path.replace('{turnId}', 'trn_1').replace('{id}', 'ses_1');
      const answer = await ask(`/api/v1${concrete}`, { method: method.toUpperCase() });
      expect([place, answer.text.includes('There is nothing at "/api/v1/sessions"'), answer.status === 405]).toEqual([
        place,
        false,
        false,
      ]);
    }
  });

  it('says how to prove who you are, what a body holds, and how it fails', () => {
    const document = toOpenApi('1.0.0');
    const operations = Object.fromEntries(listOperations(document));
    expect(document['openapi']).toBe('3.1.0');
    expect(document['security']).toEqual([{ bearer: [] }, { apiKey: [] }, { browserSession: [] }]);
    expect(operations['get /health']?.security).toEqual([]);
    for (const [place, operation] of Object.entries(operations)) {
      expect([place, operation.responses['default']]).toEqual([place, { $ref: '#/components/responses/Problem' }]);
      const inPath = [...place.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = (operation.parameters ?? []).filter((each) => each.in === 'path').map((each) => each.name);
      expect([place, declared.toSorted(byText)]).toEqual([place, inPath.toSorted(byText)]);
    }
    const create = JSON.stringify(operations['post /sessions']);
    for (const field of ['cwd', 'backend', 'Idempotency-Key', 'Location', '"201"']) expect(create).toContain(field);
    expect(JSON.stringify(operations['get /sessions/{id}/events'])).toContain('text/event-stream');
  });

  it('is made once', async () => {
    const { ask } = await startTestServer();
    expect((await ask('/api/v1/openapi.json')).text).toBe((await ask('/api/v1/openapi.json')).text);
  });
});
