import { AppError, sessionIdSchema, toProblem } from '@baton/protocol';
import { createManualClock } from '@baton/testkit';
import { expect, test } from 'vitest';
import { createApi, type ApiOptions } from './api.ts';

const VIEW = {
  id: 'ses_1',
  title: 'code',
  backend: 'worker',
  cwd: '/code',
  state: 'idle',
  archived: false,
  seq: 1,
  queue: [],
  pending: { approvals: [], questions: [] },
  usage: { inputTokens: 0, outputTokens: 0 },
  createdAt: '2026-11-20T12:00:00.000Z',
  updatedAt: '2026-11-20T12:00:00.000Z',
};

// An api whose server is the given function; keeps what was asked.
function createFake(answer: (request: Request) => Response | Promise<Response>, options: Partial<ApiOptions> = {}) {
  const requests: Request[] = [];
  const api = createApi({
    url: 'http://127.0.0.1:1/baton/',
    validate: true,
    fetch: (input, init) => {
      const request = new Request(input instanceof Request ? input.url : input, init);
      requests.push(request);
      return Promise.resolve(answer(request));
    },
    ...options,
  });
  return { api, requests };
}

test('a call carries its parameters, query, body, key and idempotency key', async () => {
  const { api, requests } = createFake(() => Response.json({ turnId: 'trn_1', state: 'queued' }, { status: 202 }), {
    key: 'secret',
  });
  const turn = await api.call('startTurn', {
    params: { id: 'ses_1' },
    body: { input: 'go' },
    idempotencyKey: 'once',
  });
  expect(turn).toEqual({ turnId: 'trn_1', state: 'queued' });
  const [request] = requests;
  expect(request?.method).toBe('POST');
  expect(request?.url).toBe('http://127.0.0.1:1/baton/api/v1/sessions/ses_1/turns');
  expect(request?.headers.get('authorization')).toBe('Bearer secret');
  expect(request?.headers.get('idempotency-key')).toBe('once');
  expect(await request?.json()).toEqual({ input: 'go' });
});

test('parameters are escaped and absent query values are left out', async () => {
  const { api, requests } = createFake(() => Response.json(VIEW));
  await api.call('getSession', { params: { id: 'a/../b?c' } });
  expect(new URL(requests[0]?.url ?? '').pathname).toBe('/baton/api/v1/sessions/a%2F..%2Fb%3Fc');
  const list = createFake(() => Response.json({ items: [] }));
  await list.api.call('listSessions', { query: { limit: 3, q: undefined } });
  expect(new URL(list.requests[0]?.url ?? '').search).toBe('?limit=3');
});

test('a problem document becomes its error', async () => {
  const problem = toProblem(new AppError('approval-already-answered', 'Bob was first', { answeredBy: 'Bob' }));
  const { api } = createFake(() => Response.json(problem, { status: 409 }));
  await expect(api.call('getMe')).rejects.toMatchObject({
    kind: 'approval-already-answered',
    message: 'Bob was first',
    details: { answeredBy: 'Bob' },
  });
});

test.each([
  [401, 'unauthenticated'],
  [404, 'not-found'],
  [502, 'server-unreachable'],
  [500, 'internal'],
])('a foreign %d becomes %s', async (status, kind) => {
  const { api } = createFake(() => new Response('<html>', { status }));
  await expect(api.call('getMe')).rejects.toMatchObject({ kind });
});

test('a server that cannot be reached says where, why, what to do, and not the key', async () => {
  const { api } = createFake(
    () => Promise.reject(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:1') })),
    { key: 'secret' },
  );
  const error = await api.call('getMe').catch((cause: unknown) => cause);
  expect(error).toMatchObject({ kind: 'server-unreachable' });
  expect(String(error)).toMatch(/at http:\/\/\S+ \(GET \S+\/me\): .*ECONNREFUSED.*\. Look whether it runs there$/);
  expect(String(error)).not.toContain('secret');
});

test('a server that does not answer is given up', async () => {
  const clock = createManualClock();
  const hang: typeof fetch = (_, init) =>
    new Promise((_resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(new Error('aborted')));
    });
  const call = createApi({ url: 'http://127.0.0.1:1', fetch: hang, clock, timeoutMs: 5_000 }).call('getMe');
  clock.advance(5_000);
  await expect(call).rejects.toThrow('no answer in 5 s');
});

test('an answer of another shape is refused where answers are validated, and passed where they are not', async () => {
  const answer = () => Response.json({ user: { id: 7 } });
  await expect(createFake(answer).api.call('getMe')).rejects.toMatchObject({ kind: 'internal' });
  expect(await createFake(answer, { validate: false }).api.call('getMe')).toEqual({ user: { id: 7 } });
});

test('an answer that is not JSON is refused, except where text is meant', async () => {
  const { api } = createFake(() => new Response('up 1'));
  await expect(api.call('getMe')).rejects.toMatchObject({ kind: 'internal' });
  expect(await api.call('getMetrics')).toBe('up 1');
});

test('a route without an answer gives none', async () => {
  const { api } = createFake(() => new Response(null, { status: 204 }));
  expect(await api.call('deleteSession', { params: { id: 'ses_1' } })).toBeUndefined();
});

test('an event stream gives frames, wherever it is cut into chunks', async () => {
  const recorded = {
    sessionId: 'ses_1',
    seq: 1,
    at: VIEW.createdAt,
    event: { type: 'notice.raised', level: 'info', text: 'ünï' },
  };
  const text = [
    'retry: 1000\n\n',
    `id: 1\ndata: ${JSON.stringify(recorded)}\n\n`,
    ': still here\n\n',
    'event: caught-up\r\ndata: {"sessionId":"ses_1","seq":1}\r\n\r\n',
    'event: delta\ndata: {"sessionId":"ses_1","itemId":"itm_1","field":"text",\ndata: "offset":0,"text":"hi"}\n\n',
    'event: weather\ndata: {"sky":"blue"}\n\n',
  ].join('');
  const bytes = new TextEncoder().encode(text);
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let index = 0; index < bytes.length; index += 3) controller.enqueue(bytes.slice(index, index + 3));
      controller.close();
    },
  });
  const { api, requests } = createFake(() => new Response(stream));
  const frames = await collect(api.events(toSessionId('ses_1'), { after: 4 }));
  expect(frames).toEqual([
    { type: 'event', ...recorded },
    { type: 'caught-up', sessionId: 'ses_1', seq: 1 },
    { type: 'delta', sessionId: 'ses_1', itemId: 'itm_1', field: 'text', offset: 0, text: 'hi' },
  ]);
  expect(requests[0]?.url).toContain('/sessions/ses_1/events?after=4');
  expect(requests[0]?.headers.get('accept')).toBe('text/event-stream');
});

test('an event stream that is refused rejects with the problem', async () => {
  const problem = toProblem(new AppError('not-found', 'There is no session'));
  const { api } = createFake(() => Response.json(problem, { status: 404 }));
  await expect(collect(api.events(toSessionId('ses_1')))).rejects.toMatchObject({ kind: 'not-found' });
});

function toSessionId(text: string) {
  return sessionIdSchema.parse(text);
}

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}
