import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadScenario } from './load-scenario.ts';

test('a scenario is loaded by its name or by a path', async () => {
  expect((await loadScenario('simple')).name).toBe('simple');
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'baton-scenario-')), 'mine.yaml');
  await writeFile(file, 'title: Mine\nturns:\n  - steps: [{ say: Hello }]\n');
  expect((await loadScenario(file)).title).toBe('Mine');
  await expect(loadScenario('no-such')).rejects.toMatchObject({ kind: 'not-found' });
});

test.runIf(process.platform === 'linux')('what never ends, a folder or a huge file is not read as one', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'baton-scenario-'));
  const huge = path.join(folder, 'huge.yaml');
  await writeFile(huge, Buffer.alloc(5 * 1024 * 1024, '#'));
  for (const file of ['/dev/zero', folder, huge]) {
    await expect(loadScenario(file)).rejects.toMatchObject({ kind: 'invalid-input' });
  }
});
