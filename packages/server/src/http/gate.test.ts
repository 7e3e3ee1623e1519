import { describe, expect, it } from 'vitest';
import { refusedUpgrade } from '../../test/live-client.ts';
import { OWNER_KEY, startTestServer } from '../../test/test-server.ts';

type Headers = Record<string, string>;
const key = { authorization: `Bearer ${OWNER_KEY}` };

// `PORT` stands for the port of the server.
const REFUSED: [string, Headers][] = [
  ['another host', { host: 'evil.example' }],
  ['another host with our port', { host: 'evil.example:PORT' }],
  ['a host that begins with ours', { host: 'localhost.evil.example:PORT' }],
  ['a host that ends with ours', { host: 'evil-localhost:PORT' }],
  ['a user in the host', { host: 'localhost:PORT@evil.example' }],
  ['an address that is not loopback', { host: '192.168.1.5:PORT' }],
  ['an address in another notation', { host: '2130706433:PORT' }],
  ['a host and a path', { host: 'localhost:PORT/x' }],
  ['another origin', { origin: 'http://evil.example' }],
  ['another origin with our port', { origin: 'http://evil.example:PORT' }],
  ['an origin on another port of this machine', { origin: 'http://127.0.0.1:3000' }],
  ['an origin on the default port of this machine', { origin: 'http://localhost' }],
  ['the other name of loopback as origin', { origin: 'http://localhost:PORT' }],
  ['no real origin', { origin: 'null' }],
  ['an empty origin', { origin: '' }],
  ['an origin of another kind', { origin: 'file://127.0.0.1:PORT' }],
  ['an origin with a path', { origin: 'http://127.0.0.1:PORT/' }],
  ['a rebound name with its own origin', { host: 'evil.example:PORT', origin: 'http://evil.example:PORT' }],
  ['a request that a foreign page caused', { 'sec-fetch-site': 'cross-site' }],
  ['a request that a page on another port caused', { 'sec-fetch-site': 'same-site' }],
  ['a navigation of a foreign page to the API', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
];

const ALLOWED: [string, Headers][] = [
  ['loopback by address', {}],
  ['loopback by name', { host: 'localhost:PORT' }],
  ['loopback by name in capitals', { host: 'LocalHost:PORT' }],
  ['loopback by IPv6', { host: '[::1]:PORT' }],
  ['loopback on a forwarded port', { host: 'localhost:9999' }],
  ['a name the owner added', { host: 'baton.example' }],
  ['our own page', { origin: 'http://127.0.0.1:PORT', 'sec-fetch-site': 'same-origin' }],
  ['our own page by name', { host: 'localhost:PORT', origin: 'http://localhost:PORT' }],
  ['our own page behind a TLS proxy', { host: 'baton.example', origin: 'https://baton.example' }],
  ['our own page behind a proxy that changes the host', { origin: 'https://baton.example' }],
  ['an address typed by the user', { 'sec-fetch-site': 'none' }],
];

function fill(headers: Headers, port: number): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, text.replace('PORT', String(port))]));
}

const settings = { allowedHosts: ['baton.example'] };

describe('the gate', () => {
  it.each(REFUSED)('refuses %s, key or no key, on every path and on the socket', async (_name, headers) => {
    const { port, askAsNobody } = await startTestServer({ settings });
    const filled = fill(headers, port);
    for (const path of ['/api/v1/health', '/api/v1/sessions', '/api/v1/nope']) {
      const answer = await askAsNobody(path, { headers: { ...key, ...filled } });
      expect([path, answer.status]).toEqual([path, 403]);
    }
    const refused = await refusedUpgrade(port, { headers: { ...key, ...filled } });
    expect(refused.status).toBe(403);
  });

  it.each(ALLOWED)('lets %s through', async (_name, headers) => {
    const { port, askAsNobody } = await startTestServer({ settings });
    const answer = await askAsNobody('/api/v1/me', { headers: { ...key, ...fill(headers, port) } });
    expect(answer.status).toBe(200);
  });

  it('refuses a foreign page before it asks who it is', async () => {
    const { port, askAsNobody } = await startTestServer();
    const answer = await askAsNobody('/api/v1/me', { headers: { origin: 'http://evil.example' } });
    expect([answer.status, answer.json['kind']]).toEqual([403, 'forbidden']);
    const refused = await refusedUpgrade(port, { headers: { origin: 'http://evil.example' } });
    expect([refused.status, refused.type]).toEqual([403, 'application/problem+json; charset=utf-8']);
  });

  it('answers no preflight of a foreign page, and grants nothing to any', async () => {
    const { askAsNobody, port } = await startTestServer();
    const preflight = { method: 'OPTIONS', headers: { origin: 'http://evil.example' } };
    expect((await askAsNobody('/api/v1/sessions', preflight)).status).toBe(403);
    const own = await askAsNobody('/api/v1/me', { headers: { ...key, origin: `http://127.0.0.1:${port}` } });
    expect(Object.keys(own.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('lets a link of a foreign page open the web page', async () => {
    const { askAsNobody } = await startTestServer();
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await askAsNobody('/', { headers })).status).toBe(200);
  });
});
