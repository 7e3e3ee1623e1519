import { API_PREFIX, parseJson, ROUTES, type Route } from '@baton/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { garbage, garbageObject, garbageText, toHeaderText } from '../../test/garbage.ts';
import type { Answer } from '../../test/raw-request.ts';
import { startTestServer, type TestServer } from '../../test/test-server.ts';

const RUNS = 40;
const HEADERS = [
  'accept',
  'idempotency-key',
  'last-event-id',
  'range',
  'if-none-match',
  'x-forwarded-for',
  'expect-ct',
];

const headers = fc.dictionary(fc.constantFrom(...HEADERS), garbageText.map(toHeaderText), { maxKeys: 3 });
const query = fc.dictionary(
  fc.oneof(fc.constantFrom('limit', 'cursor', 'after', 'state', 'q', 'path', 'archived', 'refresh'), garbageText),
  garbageText,
  { maxKeys: 4 },
);

interface Attack {
  ids: string[];
  query: Record<string, string>;
  headers: Record<string, string>;
  body: unknown;
}

function attackOn(route: Route): fc.Arbitrary<Attack> {
  const fields = Object.keys(route.body?.['_zod'].def && 'shape' in route.body ? Object(route.body.shape) : {});
  return fc.record({
    ids: fc.array(garbageText, { minLength: 2, maxLength: 2 }),
    query,
    headers,
    body: fc.oneof(garbage, garbageObject(fields.length > 0 ? fields : ['input'])),
  });
}

// The session that is there stands for `:id`, unless the attack is on the id itself.
function toPath(route: Route, attack: Attack, sessionId: string | undefined): string {
  const [id = '', turnId = ''] = attack.ids.map(encodeURIComponent);
  const path = route.path.replace(':turnId', turnId || 'x').replace(':id', sessionId ?? (id || 'x'));
  return `${API_PREFIX}${path}?${new URLSearchParams(attack.query)}`;
}

// What the server makes of it: a text is sent as it is, and an empty one is no body.
function toRead(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  const parsed = parseJson(body);
  return body === '' ? undefined : parsed.ok ? parsed.value : body;
}

async function readEverything(server: TestServer, sessionId: string): Promise<string> {
  const { store } = server;
  const sessions = await store.listSessions({ limit: 500 });
  const events = await store.readEvents(sessionId as never, { after: 0, limit: 5000 });
  return JSON.stringify({ sessions, events });
}

function expectRefused(answer: Answer, place: string): void {
  const good = answer.status < 500 && (answer.status < 400 || answer.headers['content-type']?.includes('problem+json'));
  expect([place, answer.status, good, answer.text.slice(0, 500)]).toEqual([
    place,
    answer.status,
    true,
    expect.anything(),
  ]);
}

describe.each(Object.entries<Route>(ROUTES))('%s', (_name, route) => {
  it('answers garbage with a refusal and changes nothing', async () => {
    const server = await startTestServer({ limits: { signInPerMinute: 100_000 } });
    const made = { cwd: server.folder, backend: 'scripted', id: 'ses_fuzz' };
    expect((await server.ask('/api/v1/sessions', { method: 'POST', body: made })).status).toBe(201);
    await expect.poll(async () => (await server.engine.readView('ses_fuzz' as never))?.state).toBe('idle');
    const before = await readEverything(server, 'ses_fuzz');
    const hasBody = route.body !== undefined;
    await fc.assert(
      fc.asyncProperty(attackOn(route), async (attack) => {
        // With a body to attack the session is real, so that only the body can be what is refused.
        if (hasBody && route.body?.safeParse(toRead(attack.body)).success === true) return;
        const path = toPath(route, attack, hasBody ? 'ses_fuzz' : undefined);
        const { method } = route;
        const answer = await server.ask(path, {
          method,
          headers: attack.headers,
          ...(hasBody && { body: attack.body }),
        });
        expectRefused(answer, `${method} ${path}`);
      }),
      { numRuns: RUNS },
    );
    expect(await readEverything(server, 'ses_fuzz')).toBe(before);
  });
});

describe('any address', () => {
  it('is answered without a fault', async () => {
    const server = await startTestServer();
    const methods = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND');
    const path = fc.array(
      fc.oneof(garbageText.map(encodeURIComponent), fc.constantFrom('api', 'v1', 'sessions', '..')),
      {
        maxLength: 6,
      },
    );
    await fc.assert(
      fc.asyncProperty(methods, path, garbage, async (method, segments, body) => {
        const hasBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
        const answer = await server.ask(`/${segments.join('/')}`, { method, ...(hasBody && { body }) });
        expect(answer.status).toBeLessThan(500);
      }),
      { numRuns: 300 },
    );
  });
});
