import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './launch-browser.ts';
import { unpackChromium } from './unpack-chromium.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
  return () => browser.close();
});

test('a page from loopback runs its script and can be clicked', async () => {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<button onclick="this.textContent = `clicked ${1 + 1}`">go</button>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.getByRole('button', { name: 'go' }).click();
  expect(await page.getByRole('button').textContent()).toBe('clicked 2');
  await page.close();
  server.close();
});

test('text has a font to be drawn with', async () => {
  const page = await browser.newPage();
  await page.setContent('<span id="a">iiii</span><br><span id="b">WWWW</span>');
  const narrow = await page.locator('#a').boundingBox();
  const wide = await page.locator('#b').boundingBox();
  expect(narrow?.width).toBeGreaterThan(0);
  expect(wide?.width).toBeGreaterThan(narrow?.width ?? 0);
  await page.close();
});

test('the browser from npm finds every shared library in its own folder or the C library', async () => {
  const unpacked = await unpackChromium();
  // Other platforms use the browser of the machine.
  if (unpacked === undefined) return;
  const lines = execFileSync('ldd', [unpacked.executablePath], {
    env: { ...process.env, ...unpacked.env },
    encoding: 'utf8',
  }).split('\n');
  const outside = lines.filter((line) => line.includes('=>') && !line.includes(unpacked.env['LD_LIBRARY_PATH'] ?? ''));
  const names = new Set(outside.map((line) => line.trim().split(' ')[0]));
  // What Debian's libc6 and libgcc-s1 bring; both are in every image.
  expect(names).toEqual(new Set(['libc.so.6', 'libdl.so.2', 'libgcc_s.so.1', 'libm.so.6', 'libpthread.so.0']));
});
