import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../../test/test-server.ts';
import { findLame, inspectProgram } from './inspect-program.ts';

function write(path: string, text: string, mode = 0o755): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

test('a script of Node tells which Node it wants and which it would get', async () => {
  const root = makeFolder();
  const script = write(join(root, 'lib', 'node_modules', 'tool', 'dist', 'cli.js'), '#!/usr/bin/env node\n');
  write(join(root, 'lib', 'node_modules', 'tool', 'package.json'), '{"name":"tool","engines":{"node":">=22.5"}}');
  const link = join(root, 'versions', 'node', 'v18.1.0', 'bin', 'tool');
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(script, link);
  const node = write(join(root, 'versions', 'node', 'v20.3.0', 'bin', 'node'), '#!/bin/sh\necho v20.3.0\n');
  expect(await inspectProgram(link, { PATH: dirname(node) })).toEqual({
    script: { needs: '22.5', foundUnder: '18.1.0' },
    node: { version: '20.3.0', under: '20.3.0' },
  });
});

test('any other program is left alone, and what cannot be read is no fault of the look', async () => {
  const root = makeFolder();
  const shell = write(join(root, 'tool'), '#!/bin/sh\n');
  expect(await inspectProgram(shell, { PATH: root })).toEqual({});
  expect(await inspectProgram(root, { PATH: root })).toEqual({});
  expect(await inspectProgram(join(root, 'gone'), { PATH: root })).toEqual({});
  expect(await inspectProgram(undefined, {})).toEqual({});
});

test('a script whose interpreter is gone says which', async () => {
  const root = makeFolder();
  const own = write(join(root, 'tool'), '#!/gone/venv/bin/python\n');
  const named = write(join(root, 'other'), '#!/usr/bin/env no-such-interpreter\n');
  expect(await inspectProgram(own, { PATH: root })).toEqual({ interpreter: '/gone/venv/bin/python' });
  expect(await inspectProgram(named, { PATH: root })).toEqual({ interpreter: 'no-such-interpreter' });
});

test('a node that does not run is no node', async () => {
  const root = makeFolder();
  const script = write(join(root, 'tool.js'), '#!/usr/bin/env node\n');
  write(join(root, 'node'), '#!/bin/sh\nexit 1\n');
  expect(await inspectProgram(script, { PATH: root })).toEqual({ script: {} });
});

test('a program that may not be run is found by its name or its path', async () => {
  const root = makeFolder();
  const lame = write(join(root, 'tool'), '#!/bin/sh\n', 0o644);
  write(join(root, 'good'), '#!/bin/sh\n');
  expect(await findLame('tool', { PATH: `/nowhere:${root}` })).toBe(lame);
  expect(await findLame(lame, {})).toBe(lame);
  expect(await findLame('good', { PATH: root })).toBeUndefined();
  expect(await findLame('gone', { PATH: root })).toBeUndefined();
});
