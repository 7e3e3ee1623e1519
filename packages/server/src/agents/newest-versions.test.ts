import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BackendView } from '@baton/protocol';
import { createManualClock } from '@baton/testkit';
import { expect, test } from 'vitest';
import { makeFolder } from '../../test/test-server.ts';
import { lookUpVersion } from './look-up-version.ts';
import { createNewestVersions } from './newest-versions.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const settled = () => new Promise((resolve) => setImmediate(resolve));

function toView(id: string, version: string): BackendView {
  const install = { package: `@x/${id}`, command: `npm install -g @x/${id}`, ours: true, newer: false };
  const nothing = { capabilities: [], models: [], modes: [] };
  return { id, title: id, installed: true, version, install, authenticated: 'yes', ...nothing };
}

function create(found: Record<string, string | undefined>) {
  const clock = createManualClock();
  const asked: string[] = [];
  const newest = createNewestVersions({
    clock,
    async look(name) {
      asked.push(name);
      if (name === '@x/broken') throw new Error('no npm');
      return found[name];
    },
  });
  const views = [toView('old', '1.2.3'), toView('new', '2.0.0'), toView('broken', '1.0.0')];
  const read = () => newest.complete(views).map(({ install }) => install?.latest);
  return { clock, asked, newest, read };
}

test('tells of a newer version once it is known, and never makes who asks wait for it', async () => {
  const { clock, asked, read } = create({ '@x/old': '1.10.0', '@x/new': '2.0.0' });
  expect(read()).toEqual([undefined, undefined, undefined]);
  expect(asked).toEqual([]);
  clock.advance(60_000);
  await settled();
  expect(asked).toEqual(['@x/old', '@x/new', '@x/broken']);
  expect(read()).toEqual(['1.10.0', undefined, undefined]);
});

test('asks again after a day, and not before, whatever came of it', async () => {
  const { clock, asked, read } = create({});
  for (const hours of [0, 1, 22]) {
    clock.advance(hours * 3_600_000);
    read();
    clock.advance(60_000);
    await settled();
  }
  expect(asked).toHaveLength(3);
  clock.advance(DAY_MS);
  read();
  clock.advance(60_000);
  await settled();
  expect(asked).toHaveLength(6);
});

test('asks nothing any more once it is closed', async () => {
  const { clock, asked, newest, read } = create({});
  read();
  newest.close();
  read();
  clock.advance(DAY_MS);
  await settled();
  expect(asked).toEqual([]);
});

test.skipIf(process.platform === 'win32')('asks the npm of the machine, and takes nothing but a version', async () => {
  const folder = makeFolder();
  const npm = join(folder, 'npm');
  const lookUp = async (script: string) => {
    writeFileSync(npm, `#!/bin/sh\n${script}\n`);
    chmodSync(npm, 0o755);
    return lookUpVersion('@x/agent', {
      env: { PATH: `${folder}:/bin:/usr/bin` },
      serverMarker: 'newest-test',
      cwd: folder,
    });
  };
  expect(await lookUp('[ "$1 $2 $3" = "view @x/agent version" ] && echo 3.4.5')).toBe('3.4.5');
  expect(await lookUp('echo "npm error network"; exit 1')).toBeUndefined();
});
