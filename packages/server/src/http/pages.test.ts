import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { makeFolder, startTestServer } from '../../test/test-server.ts';

function makeWeb(): string {
  const web = makeFolder('web/assets');
  const write = (name: string, text: string | Buffer) => writeFileSync(join(web, 'web', name), text);
  writeFileSync(join(web, 'secret.txt'), 'outside');
  write('index.html', '<!doctype html><title>Baton</title>');
  write('favicon.svg', '<svg/>');
  write('assets/app-1a2b3c.js', 'console.log("plain")');
  write('assets/app-1a2b3c.js.gz', gzipSync('console.log("packed")'));
  return join(web, 'web');
}

describe('the web pages', () => {
  it('are one page for every address outside the API, never kept without asking', async () => {
    const { askAsNobody } = await startTestServer({ settings: { webDir: makeWeb() } });
    for (const path of ['/', '/sessions/ses_1', '/approvals?x=1', '/index.html']) {
      const answer = await askAsNobody(path, { headers: { accept: 'text/html' } });
      expect([path, answer.status, answer.text]).toEqual([path, 200, expect.stringContaining('Baton')]);
      expect(answer.headers).toMatchObject({ 'cache-control': 'no-cache', 'content-type': 'text/html; charset=utf-8' });
      expect(answer.headers['content-security-policy']).toContain("default-src 'self'");
    }
  });

  it('have files that are kept for ever when their name holds their hash, packed when the browser can unpack', async () => {
    const { askAsNobody } = await startTestServer({ settings: { webDir: makeWeb() } });
    const plain = await askAsNobody('/assets/app-1a2b3c.js');
    expect([plain.status, plain.text]).toEqual([200, 'console.log("plain")']);
    expect(plain.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'Accept-Encoding',
      'content-length': '20',
    });
    const packed = await askAsNobody('/assets/app-1a2b3c.js', { headers: { 'accept-encoding': 'br, gzip' } });
    expect(packed.headers['content-encoding']).toBe('gzip');
    const refused = await askAsNobody('/assets/app-1a2b3c.js', { headers: { 'accept-encoding': 'gzip;q=0' } });
    expect(refused.headers['content-encoding']).toBeUndefined();
    const icon = await askAsNobody('/favicon.svg');
    expect(icon.headers).toMatchObject({ 'content-type': 'image/svg+xml', 'cache-control': 'no-cache' });
    const head = await askAsNobody('/assets/app-1a2b3c.js', { method: 'HEAD' });
    expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', '20']);
  });

  it('do not stand in for a file that is missing, for the API, or for other methods', async () => {
    const { askAsNobody } = await startTestServer({ settings: { webDir: makeWeb() } });
    expect((await askAsNobody('/assets/app-old.js')).status).toBe(404);
    expect((await askAsNobody('/api/v1/nope')).headers['content-type']).toContain('problem+json');
    expect((await askAsNobody('/', { method: 'POST', body: {} })).status).toBe(404);
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//etc/passwd',
    '/%2fetc%2fpasswd',
    '/assets/app-1a2b3c.js%00.txt',
    '/.%00./secret.txt',
  ])('never lead out of their folder: %s', async (path) => {
    const { askAsNobody } = await startTestServer({ settings: { webDir: makeWeb() } });
    const answer = await askAsNobody(path);
    expect(answer.text).not.toMatch(/outside|root:/);
    expect([200, 400, 404]).toContain(answer.status);
  });

  it('are explained when they are not built, and found once they are', async () => {
    const bare = await startTestServer();
    const answer = await bare.askAsNobody('/');
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(answer.text).toContain('npm run build');
    expect((await bare.askAsNobody('/sessions/ses_1')).status).toBe(404);
    const missing = await startTestServer({ settings: { webDir: join(makeFolder(), 'nowhere') } });
    expect((await missing.askAsNobody('/')).text).toContain('npm run build');
  });
});
