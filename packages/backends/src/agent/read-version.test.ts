import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readVersion } from './read-version.ts';

const env = { PATH: process.env['PATH'] ?? '' };

function program(script: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'version-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'agent');
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return path;
}

const ask = (path: string, timeoutMs = 20_000) => readVersion({ path, title: 'Agent', env, timeoutMs });

describe('the version of a program', () => {
  test('is the number in what it says', async () => {
    await expect(ask(program('#!/bin/sh\necho "agent v1.2.3-beta (build 7)"'))).resolves.toBe('1.2.3-beta');
  });

  test.each([
    ['echo one >&2; echo "no such module." >&2; exit 2', 'asked for its version it said "no such module"'],
    ['exit 3', 'asked for its version it ended with code 3 and said nothing'],
    ['yes', 'asked for its version it did not stop talking'],
    ['yes >&2', 'asked for its version it did not stop talking'],
    ['kill -9 $$', 'asked for its version it was ended by SIGKILL'],
  ])('that cannot be told is refused with the reason: %s', async (script, why) => {
    const path = program(`#!/bin/sh\n${script}`);
    const message = `${path} does not run: ${why}. Install Agent again`;
    await expect(ask(path)).rejects.toMatchObject({ kind: 'backend-not-installed', message });
  });

  test('of what the system cannot start is refused with its reason', async () => {
    const path = program('#!/no/such/shell\n');
    const message = `${path} does not run: the system cannot start it (ENOENT). Install Agent again`;
    await expect(ask(path)).rejects.toMatchObject({ kind: 'backend-not-installed', message });
  });

  test('that does not come in time says so, and is asked for again the next time', async () => {
    const path = program('#!/bin/sh\n[ -e "$0.awake" ] && echo 1.0.0 && exit; trap "" TERM; while :; do sleep 1; done');
    await expect(ask(path, 1000)).rejects.toMatchObject({
      kind: 'agent-unresponsive',
      message: expect.stringContaining(
        `${path} does not answer: it gave no version within 1 s. The machine may be too busy`,
      ),
    });
    writeFileSync(`${path}.awake`, '');
    await expect(ask(path)).resolves.toBe('1.0.0');
  });
});
