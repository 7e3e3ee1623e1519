import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findMissingInterpreter } from './find-missing-interpreter.ts';

const folder = mkdtempSync(join(tmpdir(), 'baton-interpreter-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function script(firstLine: string): string {
  const path = join(folder, 'tool');
  writeFileSync(path, `${firstLine}\necho hello\n`);
  chmodSync(path, 0o755);
  return path;
}
const find = (firstLine: string) => findMissingInterpreter(script(firstLine), { PATH: '/usr/bin:/bin' });

test.runIf(process.platform !== 'win32')('what a script is to be run by, when it is not there', async () => {
  expect(await find('#!/gone/venv/bin/python')).toBe('/gone/venv/bin/python');
  expect(await find('#! /gone/node --flag')).toBe('/gone/node');
  expect(await find('#!/usr/bin/env no-such-interpreter')).toBe('no-such-interpreter');
  expect(await find('#!/usr/bin/env -S NODE_ENV=production no-such-interpreter --flag')).toBe('no-such-interpreter');
});

test('nothing, when it is there or is no matter of a first line', async () => {
  expect(await find('#!/bin/sh')).toBeUndefined();
  expect(await find('#!/usr/bin/env sh')).toBeUndefined();
  expect(await find('#!sh')).toBeUndefined();
  expect(await find('#!')).toBeUndefined();
  expect(await find('\u007fELF')).toBeUndefined();
  expect(await findMissingInterpreter(join(folder, 'gone'), {})).toBeUndefined();
  expect(await findMissingInterpreter(folder, {})).toBeUndefined();
});
