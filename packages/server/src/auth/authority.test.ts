import { createManualClock } from '@baton/testkit';
import { describe, expect, it } from 'vitest';
import { openLive, refusedUpgrade } from '../../test/live-client.ts';
import { OWNER_KEY, startTestServer, type TestServer } from '../../test/test-server.ts';

const DAY = 24 * 60 * 60 * 1000;

async function signIn(server: TestServer): Promise<string> {
  const answer = await server.askAsNobody('/api/v1/sign-in', { method: 'POST', body: { key: OWNER_KEY } });
  expect(answer.status).toBe(200);
  return String(answer.headers['set-cookie']).split(';')[0] ?? '';
}

describe('identity', () => {
  it('is asked of every route but health and sign-in, on loopback too', async () => {
    const { askAsNobody } = await startTestServer();
    expect((await askAsNobody('/api/v1/health')).json).toEqual({ status: 'ok', version: '0.0.0-test' });
    for (const path of ['/me', '/sessions', '/backends', '/metrics', '/openapi.json', '/folders', '/approvals']) {
      const answer = await askAsNobody(`/api/v1${path}`);
      expect([path, answer.status, answer.json['kind']]).toEqual([path, 401, 'unauthenticated']);
      expect(answer.headers['www-authenticate']).toContain('Bearer');
    }
    const made = await askAsNobody('/api/v1/sessions', { method: 'POST', body: {} });
    expect(made.status).toBe(401);
  });

  it.each<[string, Record<string, string | string[]>, number]>([
    ['bearer', { authorization: `Bearer ${OWNER_KEY}` }, 200],
    ['bearer in other case', { authorization: `bearer ${OWNER_KEY}` }, 200],
    ['api key', { 'x-api-key': OWNER_KEY }, 200],
    ['both and right', { 'x-api-key': OWNER_KEY, authorization: `Bearer ${OWNER_KEY}` }, 200],
    ['wrong bearer', { authorization: 'Bearer baton_wrong' }, 401],
    ['empty bearer', { authorization: 'Bearer ' }, 401],
    ['empty header', { authorization: '' }, 401],
    ['key without scheme', { authorization: OWNER_KEY }, 401],
    ['basic', { authorization: `Basic ${OWNER_KEY}` }, 401],
    ['prefix of the key', { authorization: `Bearer ${OWNER_KEY.slice(0, -1)}` }, 401],
    ['key and more', { authorization: `Bearer ${OWNER_KEY}x` }, 401],
    ['two tokens', { authorization: `Bearer ${OWNER_KEY} ${OWNER_KEY}` }, 401],
    ['empty api key', { 'x-api-key': '' }, 401],
    ['wrong api key', { 'x-api-key': 'undefined' }, 401],
    ['right bearer, wrong api key', { authorization: `Bearer ${OWNER_KEY}`, 'x-api-key': 'no' }, 401],
    ['repeated api key', { 'x-api-key': [OWNER_KEY, OWNER_KEY] }, 401],
    ['key as query', {}, 401],
  ])('%s', async (name, headers, status) => {
    const { askAsNobody } = await startTestServer();
    const path = name === 'key as query' ? `/api/v1/me?key=${OWNER_KEY}` : '/api/v1/me';
    expect((await askAsNobody(path, { headers })).status).toBe(status);
  });

  it('does not take a cookie for a key or a key for a cookie', async () => {
    const server = await startTestServer();
    const cookie = await signIn(server);
    const name = cookie.split('=')[0];
    const token = cookie.split('=')[1];
    const status = async (headers: Record<string, string>) =>
      (await server.askAsNobody('/api/v1/me', { headers })).status;
    expect(await status({ cookie })).toBe(200);
    expect(await status({ authorization: `Bearer ${token}` })).toBe(401);
    expect(await status({ cookie: `${name}=${OWNER_KEY}` })).toBe(401);
    expect(await status({ cookie: `${name}=` })).toBe(401);
    expect(await status({ cookie: `${cookie}; ${cookie}` })).toBe(401);
    expect(await status({ cookie: `${name}=planted; ${cookie}` })).toBe(401);
    expect(await status({ cookie: `other=1; ${cookie}` })).toBe(200);
    expect(await status({ cookie, authorization: 'Bearer wrong' })).toBe(401);
  });
});

describe('sign-in', () => {
  it('gives a cookie that scripts cannot read and other sites cannot send', async () => {
    const { askAsNobody, port } = await startTestServer();
    const answer = await askAsNobody('/api/v1/sign-in', { method: 'POST', body: { key: OWNER_KEY } });
    expect(answer.json).toEqual({ user: { id: 'owner', name: 'Owner', role: 'owner' } });
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(
      new RegExp(`^baton_session_${port}=brw_[\\w-]{43}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict$`),
    );
  });

  it('marks the cookie Secure when the page came over https', async () => {
    const { askAsNobody } = await startTestServer({ settings: { allowedHosts: ['baton.example'] } });
    const headers = { host: 'baton.example', origin: 'https://baton.example' };
    const answer = await askAsNobody('/api/v1/sign-in', { method: 'POST', body: { key: OWNER_KEY }, headers });
    expect(String(answer.headers['set-cookie'])).toContain('; Secure');
  });

  it('tells nothing about wrong keys after ten of them until the minute is over, and takes the right one all the same', async () => {
    const clock = createManualClock();
    const { askAsNobody } = await startTestServer({ clock });
    const attempt = (key: string) => askAsNobody('/api/v1/sign-in', { method: 'POST', body: { key } });
    for (let index = 0; index < 10; index += 1) expect((await attempt(`wrong${index}`)).status).toBe(401);
    const refused = await attempt('wrong again');
    expect([refused.status, refused.json['kind'], refused.headers['retry-after']]).toEqual([429, 'rate-limited', '60']);
    expect((await attempt(OWNER_KEY)).status).toBe(200);
    clock.advance(60_000);
    expect((await attempt('wrong again')).status).toBe(401);
  });

  it('does not count right keys as attempts', async () => {
    const server = await startTestServer();
    for (let index = 0; index < 30; index += 1) expect(await signIn(server)).toContain('baton_session');
  });

  it('limits wrong keys in headers too', async () => {
    const server = await startTestServer({ limits: { keysPerMinute: 3 } });
    const headers = { authorization: 'Bearer wrong' };
    for (let index = 0; index < 3; index += 1) expect((await server.ask('/api/v1/me', { headers })).status).toBe(401);
    const refused = await server.ask('/api/v1/me', { headers });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await server.ask('/api/v1/me')).status).toBe(200);
    expect(await signIn(server)).toContain('baton_session');
  });
});

describe('a browser session', () => {
  it('ends 30 days after it was last used, and its cookie is renewed while it is used', async () => {
    const clock = createManualClock();
    const server = await startTestServer({ clock });
    const cookie = await signIn(server);
    clock.advance(20 * DAY);
    const renewed = await server.askAsNobody('/api/v1/me', { headers: { cookie } });
    expect(String(renewed.headers['set-cookie'])).toContain(`${cookie}; Path=/; Max-Age=2592000`);
    clock.advance(29 * DAY);
    expect((await server.askAsNobody('/api/v1/me', { headers: { cookie } })).status).toBe(200);
    clock.advance(31 * DAY);
    expect((await server.askAsNobody('/api/v1/me', { headers: { cookie } })).status).toBe(401);
  });

  it('is over after sign-out, and so are its sockets and streams, and nobody else’s', async () => {
    const server = await startTestServer();
    const cookie = await signIn(server);
    const other = await signIn(server);
    const mine = await openLive(server.port, { cookie });
    const theirs = await openLive(server.port, { cookie: other });
    const out = await server.askAsNobody('/api/v1/sign-out', { method: 'POST', headers: { cookie } });
    expect([out.status, String(out.headers['set-cookie'])]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect(await mine.closed).toEqual({ code: 4401, reason: 'signed out' });
    expect((await server.askAsNobody('/api/v1/me', { headers: { cookie } })).status).toBe(401);
    expect((await refusedUpgrade(server.port, { headers: { cookie } })).status).toBe(401);
    theirs.send({ type: 'ping' });
    await theirs.until('pong');
  });
});
