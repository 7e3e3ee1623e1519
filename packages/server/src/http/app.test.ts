import { connect } from 'node:net';
import { problemSchema, ROUTES, type Route } from '@baton/protocol';
import { describe, expect, it } from 'vitest';
import { OWNER_KEY, startTestServer } from '../../test/test-server.ts';

describe('every answer', () => {
  it('carries the headers that keep pages apart, and an id', async () => {
    const { ask, port } = await startTestServer();
    const { headers } = await ask('/api/v1/me');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'self'; style-src 'self' 'unsafe-inline'");
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${port} wss://127.0.0.1:${port}`);
    expect(policy).not.toMatch(/script-src|unsafe-eval/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
      'x-request-id': expect.stringMatching(/^req_/),
    });
  });

  it('is a problem document when something is wrong', async () => {
    const { ask, askAsNobody } = await startTestServer();
    const answers = [
      await ask('/api/v1/nope'),
      await ask('/api/nope/at/all'),
      await ask('/api'),
      await ask('/api/v1/sessions/ses_none'),
      await ask('/api/v1/sessions', { method: 'PUT' }),
      await ask('/api/v1/sessions', { method: 'POST', body: '{' }),
      await ask('/api/v1/sessions?limit=0'),
      await ask('/api/v1/%zz'),
      await askAsNobody('/api/v1/me'),
    ];
    for (const answer of answers) {
      expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
      const problem = problemSchema.parse(answer.json);
      expect(problem.status).toBe(answer.status);
    }
    expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404, 404, 405, 400, 400, 400, 401]);
  });

  it('says no session under an id that none can have', async () => {
    const { ask } = await startTestServer();
    for (const id of ['x', 'ses_', 'trn_1', '..%2f..%2fetc', 'ses_%00', `ses_${'a'.repeat(400)}`, '__proto__']) {
      expect([id, (await ask(`/api/v1/sessions/${id}`)).status]).toEqual([id, 404]);
    }
  });

  it('names the methods that a path has', async () => {
    const { ask } = await startTestServer();
    const answer = await ask('/api/v1/sessions', { method: 'DELETE' });
    expect([answer.status, answer.json['kind'], answer.headers['allow']]).toEqual([
      405,
      'method-not-allowed',
      'POST, GET',
    ]);
    expect((await ask('/api/v1/sessions/ses_1/turns')).headers['allow']).toBe('POST');
    expect((await ask('/api/v1/me', { method: 'PROPFIND' })).status).toBe(405);
  });

  it('belongs to a route of the protocol: each is there, and asks for identity unless it is open', async () => {
    const { askAsNobody } = await startTestServer();
    for (const route of Object.values<Route>(ROUTES)) {
      const path = `/api/v1${route.path.replace(':id', 'ses_1').replace(':turnId', 'trn_1')}`;
      const answer = await askAsNobody(path, { method: route.method });
      const wanted = route.open === true ? [200, 400] : [401];
      expect([route.path, wanted.includes(answer.status)]).toEqual([route.path, true]);
    }
  });
});

describe('a body', () => {
  const body = (text: string, type?: string) => ({
    method: 'POST',
    body: text,
    headers: type === undefined ? {} : { 'content-type': type },
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    '',
  ])('of the type "%s" is refused, since a foreign form could send it', async (type) => {
    const { ask } = await startTestServer();
    const answer = await ask('/api/v1/sessions', body('{"cwd":"/","backend":"scripted"}', type));
    expect([answer.status, answer.json['kind']]).toEqual([415, 'unsupported-media-type']);
  });

  it.each([
    ['cut off', '{"cwd": "/"'],
    ['a prototype', '{"cwd":"/","backend":"scripted","__proto__":{"admin":true}}'],
    ['a hidden prototype', '{"cwd":"/","backend":"scripted","env":{"\\u005f_proto__":"x"}}'],
    ['a constructor', '{"cwd":"/","backend":"scripted","env":{"constructor":{"prototype":{}}}}'],
    ['an unknown key', '{"cwd":"/","backend":"scripted","admin":true}'],
    ['no object', '[]'],
    ['nothing', ''],
    ['null', 'null'],
  ])('that is %s is refused', async (_name, text) => {
    const { ask, engine } = await startTestServer();
    const answer = await ask('/api/v1/sessions', body(text, 'application/json'));
    expect([answer.status, answer.json['kind']]).toEqual([400, 'invalid-input']);
    expect((await engine.listSessions({ limit: 10 })).items).toEqual([]);
  });

  it('may be large for a prompt and small for all else', async () => {
    const { ask } = await startTestServer();
    const note = await ask(
      '/api/v1/approvals/apr_1/answer',
      body(`{"note":"${'x'.repeat(1_100_000)}"}`, 'application/json'),
    );
    expect([note.status, note.json['kind']]).toEqual([413, 'payload-too-large']);
    const prompt = await ask('/api/v1/sessions/ses_1/turns', body(`"${'x'.repeat(21_000_000)}"`, 'application/json'));
    expect(prompt.status).toBe(413);
    const image = { type: 'image', mediaType: 'image/png', data: 'A'.repeat(4_000_000) };
    const turn = await ask('/api/v1/sessions/ses_1/turns', { method: 'POST', body: { input: [image] } });
    expect(turn.status).toBe(404);
  });

  it('is not read from somebody who may not send it', async () => {
    const { port } = await startTestServer();
    // Announces much, sends nothing: the answer must come all the same.
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () =>
        socket.write(
          `POST /api/v1/sessions HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n\r\n`,
        ),
      );
      socket.once('data', (data) => resolve(data.toString()));
      socket.once('error', reject);
      socket.once('data', () => socket.destroy());
    });
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('is not needed where there is nothing to say, with or without its content type', async () => {
    const { ask } = await startTestServer();
    const answer = await ask('/api/v1/sessions/ses_1/stop', body('', 'application/json'));
    expect(answer.status).toBe(404);
    expect((await ask('/api/v1/sessions/ses_1/stop', { method: 'POST' })).status).toBe(404);
  });
});

describe('what is no HTTP', () => {
  it.each([
    ['two hosts', (port: number) => `GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nHost: evil\r\n\r\n`],
    ['no host', () => 'GET /api/v1/health HTTP/1.0\r\n\r\n'],
    [
      'a foreign absolute address',
      () => 'GET http://evil.example/api/v1/health HTTP/1.1\r\nHost: evil.example\r\n\r\n',
    ],
    ['garbage', () => 'hello there\r\n\r\n'],
    [
      'a huge header',
      (port: number) => `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`,
    ],
  ])('is refused: %s', async (_name, toText) => {
    const { port } = await startTestServer();
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(toText(port)));
      socket.once('data', (data) => {
        resolve(data.toString());
        socket.destroy();
      });
      socket.once('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d [\s\S]*("kind":|^\r\n$)/m);
    expect(answer).not.toContain(OWNER_KEY);
  });
});
