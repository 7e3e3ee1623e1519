import { appendFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../agent/system-clock.ts';
import { followKimiTurn } from './kimi-record.ts';
import type { RpcOutcome } from './wire.ts';

const ENDED: RpcOutcome = { ok: true, result: { stopReason: 'end_turn' } };
const USAGE = { inputOther: 1000, output: 20, inputCacheRead: 100, inputCacheCreation: 5 };

let home: string;
let record: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'kimi-record-'));
  const folder = join(home, '.kimi-code', 'sessions', 'wd_project_1', 'session_1', 'agents', 'main');
  await mkdir(folder, { recursive: true });
  record = join(folder, 'wire.jsonl');
});
afterEach(() => rm(home, { recursive: true, force: true }));

const follow = () => followKimiTurn({ env: { HOME: home }, nativeId: 'session_1', clock: systemClock });
const write = (...lines: object[]) => appendFile(record, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
const used = { type: 'usage.record', usageScope: 'turn', usage: USAGE };
const completed = { type: 'turn.ended', turnId: 0, reason: 'completed' };

test('a turn that is said to have ended well, and did not, fails with what went wrong', async () => {
  await write({ type: 'metadata' }, used, completed);
  const toTruth = await follow();
  const error = { code: 'provider.rate_limit', message: '429 too many requests', details: { statusCode: 429 } };
  await write({ type: 'turn.prompt', turnId: 1 }, { type: 'turn.ended', turnId: 1, reason: 'failed', error });
  expect(await toTruth(ENDED)).toEqual({ ok: false, error: { code: 429, message: '429 too many requests' } });
});

test('a turn has the usage of all its requests, and of no other turn', async () => {
  await write(used, completed);
  const toTruth = await follow();
  await write(used, { type: 'context.append_message', text: '"usage.record"' }, used, { ...completed, turnId: 1 });
  const usage = { inputTokens: 2000, outputTokens: 40, cachedReadTokens: 200, cachedWriteTokens: 10 };
  expect(await toTruth(ENDED)).toEqual({ ok: true, result: { stopReason: 'end_turn', usage } });
});

test('a record that begins with the first turn, and comes late, is waited for', async () => {
  const toTruth = await follow();
  await write(used);
  const truth = toTruth(ENDED);
  await write(completed);
  expect(await truth).toMatchObject({ ok: true, result: { usage: { inputTokens: 1000 } } });
});

test.each<[string, RpcOutcome]>([
  ['was cancelled', { ok: true, result: { stopReason: 'cancelled' } }],
  ['was refused', { ok: false, error: { code: -32_000, message: 'Authentication required' } }],
])('a turn that %s is left as it is', async (_, outcome) => {
  const toTruth = await follow();
  expect(await toTruth(outcome)).toBe(outcome);
});

test('without a record the answer stays as it came', async () => {
  await rm(home, { recursive: true });
  const toTruth = await follow();
  expect(await toTruth(ENDED)).toBe(ENDED);
});
