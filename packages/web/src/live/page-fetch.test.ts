import { createServer } from 'node:http';
import { AppError } from '@baton/protocol';
import { expect, test } from 'vitest';
import { createApi } from './api.ts';
import { pageFetch } from './page-fetch.ts';

async function closedUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
}

test('a server that does not answer is told in words, without the address that was asked', async () => {
  const said = await createApi(await closedUrl())
    .getHealth()
    .catch((error: unknown) => error);
  expect(said).toBeInstanceOf(AppError);
  expect(said).toMatchObject({ kind: 'server-unreachable' });
  expect(String(said)).toContain('The server does not answer');
  expect(String(said)).not.toContain('/api/v1');
});

test('what was called off stays called off', async () => {
  const off = AbortSignal.abort();
  await expect(pageFetch(await closedUrl(), { signal: off })).rejects.toMatchObject({ name: 'AbortError' });
});
