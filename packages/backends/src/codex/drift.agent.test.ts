import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseJson } from '@baton/protocol';
import { describeDrift } from '@baton/testkit';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { isSilent, itemSchema, noticeSchema, requestSchema } from './wire.ts';

const run = promisify(execFile);
const CODEX = fileURLToPath(new URL('../../../../test-agents/node_modules/.bin/codex', import.meta.url));

async function readPublished(): Promise<{ notices: unknown; requests: unknown }> {
  const folder = await mkdtemp(join(tmpdir(), 'codex-schema-'));
  try {
    const env = { PATH: process.env['PATH'] ?? '', HOME: folder, CODEX_HOME: folder };
    await run(CODEX, ['app-server', 'generate-json-schema', '--experimental', '--out', folder], { env });
    const read = async (file: string) => parseJson(await readFile(join(folder, file), 'utf8'));
    const [notices, requests] = [await read('ServerNotification.json'), await read('ServerRequest.json')];
    if (!notices.ok || !requests.ok) throw new Error('Codex published a schema that is no JSON');
    return { notices: notices.value, requests: requests.value };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

const ITEM = { $ref: '#/definitions/ThreadItem' };
const whole = (schema: unknown) => ({ schema, root: schema });
const toReader = (schema: z.ZodType) => whole(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));

test('what is read of Codex is what Codex publishes', async () => {
  const { notices, requests } = await readPublished();
  const drift = describeDrift([
    {
      ...{ title: 'Notifications', kind: 'method', isSilent },
      ...{ reader: toReader(noticeSchema), writer: whole(notices) },
    },
    { title: 'Items', kind: 'type', reader: toReader(itemSchema), writer: { schema: ITEM, root: notices } },
    { title: 'Requests', kind: 'method', reader: toReader(requestSchema), writer: whole(requests) },
  ]);
  await expect(drift).toMatchFileSnapshot('__snapshots__/published.md');
});
