import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SOURCE = dirname(fileURLToPath(import.meta.url));
const PACKAGES = resolve(SOURCE, '..', '..');
const IMPORT = /(?:^|\n)(?:import|export)(?! type\b)[^;]*?from '([^']+)'|import\('([^']+)'\)/g;

// Everything the entry reaches, following our own packages to their sources.
function readGraph(entry: string): { files: Set<string>; foreign: Set<string> } {
  const files = new Set<string>();
  const foreign = new Set<string>();
  const open = [entry];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    for (const [, from, dynamic] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      const name = from ?? dynamic ?? '';
      if (name.startsWith('.')) open.push(resolve(dirname(file), name));
      else if (name.startsWith('@baton/')) open.push(join(PACKAGES, name.slice('@baton/'.length), 'src/index.ts'));
      else foreign.add(name);
    }
  }
  return { files, foreign };
}

test('nothing the client imports needs Node', () => {
  const { files, foreign } = readGraph(join(SOURCE, 'index.ts'));
  expect(files.size).toBeGreaterThan(20);
  const builtin = [...foreign].filter((name) => name.startsWith('node:') || builtinModules.includes(name));
  expect(builtin).toEqual([]);
  expect([...foreign]).toEqual(['zod']);
});
