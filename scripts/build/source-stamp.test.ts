import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findStaleParts, OUTPUT, toSourceStamp, writeSourceStamp } from './source-stamp.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'baton-stamp-'));
  write('packages/core/src/decide.ts');
  write('packages/web/src/app.tsx');
  write('packages/server/src/serve.ts');
  mkdirSync(join(root, OUTPUT), { recursive: true });
  for (const part of ['web', 'command'] as const) writeSourceStamp(root, part, toSourceStamp(root, part));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), '');
}

test('nothing is stale after a build', () => {
  expect(findStaleParts(root)).toEqual([]);
});

test.for([
  ['packages/core/src/evolve.ts', ['web', 'command']],
  ['packages/web/src/page.tsx', ['web']],
  ['packages/server/src/auth/key.ts', ['command']],
  ['packages/rehearsal/scenarios/new.yaml', ['command']],
  ['packages/core/src/decide.test.ts', []],
  ['packages/server/test/live.ts', []],
  ['packages/testkit/src/clock.ts', []],
] as const)('a new file %s makes stale: %o', ([path, parts]) => {
  write(path);
  expect(findStaleParts(root)).toEqual(parts);
});

test('a file that was written again makes its part stale', () => {
  utimesSync(join(root, 'packages/web/src/app.tsx'), new Date(), new Date(0));
  expect(findStaleParts(root)).toEqual(['web']);
});

test('without its output everything is stale', () => {
  rmSync(join(root, OUTPUT), { recursive: true });
  expect(findStaleParts(root)).toEqual(['web', 'command']);
});
