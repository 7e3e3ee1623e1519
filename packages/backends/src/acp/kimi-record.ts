import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@baton/core';
import { parseJson } from '@baton/protocol';
import { z } from 'zod';
import type { RpcOutcome } from './wire.ts';

// Kimi Code answers every prompt that was not cancelled with "end_turn": when its model fails, nobody hears of it. Nor
// does it tell what a turn used. Both are in the record that it keeps of each conversation, a line for each event.

export interface KimiConversation {
  env: Readonly<Record<string, string>>;
  nativeId: string;
  clock: Clock;
}

const usageSchema = z.looseObject({
  inputOther: z.number().catch(0),
  output: z.number().catch(0),
  inputCacheRead: z.number().catch(0),
  inputCacheCreation: z.number().catch(0),
});

const errorSchema = z.looseObject({
  message: z.string().catch(''),
  details: z
    .looseObject({ statusCode: z.int().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

const lineSchema = z.union([
  z.looseObject({ type: z.literal('usage.record'), usage: usageSchema }),
  z.looseObject({ type: z.literal('turn.ended'), reason: z.string(), error: errorSchema.optional().catch(undefined) }),
]);
type Line = z.infer<typeof lineSchema>;

// What it writes of a turn's end may come to the disk after its answer.
const WAITS = 40;
const WAIT_MS = 25;
const MAX_BYTES = 64 * 1024 * 1024;

/** Call before a prompt is sent. What it answers makes of the prompt's outcome what it truly was. Neither ever rejects. */
export async function followKimiTurn(
  conversation: KimiConversation,
): Promise<(outcome: RpcOutcome) => Promise<RpcOutcome>> {
  const path = await findRecord(conversation);
  const from = path === undefined ? 0 : await toSize(path);
  return async (outcome) => {
    const result = z.looseObject({ stopReason: z.string() }).safeParse(outcome.ok ? outcome.result : undefined);
    if (!result.success || result.data.stopReason !== 'end_turn') return outcome;
    const lines = await readTurn({ path: path ?? (await findRecord(conversation)), from, clock: conversation.clock });
    const end = lines.findLast((line) => line.type === 'turn.ended');
    if (end?.reason === 'failed') return { ok: false, error: toError(end.error) };
    const usage = toUsage(lines);
    return usage === undefined ? outcome : { ok: true, result: { ...result.data, usage } };
  };
}

async function findRecord({ env, nativeId }: KimiConversation): Promise<string | undefined> {
  const root = env['KIMI_CODE_HOME'] || join(env['HOME'] ?? env['USERPROFILE'] ?? '', '.kimi-code');
  const folders = await readdir(join(root, 'sessions')).catch(() => []);
  for (const folder of folders) {
    const path = join(root, 'sessions', folder, nativeId, 'agents', 'main', 'wire.jsonl');
    if ((await toSize(path)) > 0) return path;
  }
  return undefined;
}

const toSize = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

async function readTurn(record: { path: string | undefined; from: number; clock: Clock }): Promise<Line[]> {
  const { path, from, clock } = record;
  if (path === undefined) return [];
  for (let wait = 0; wait < WAITS; wait += 1) {
    const lines = await readLines(path, from).catch(() => []);
    if (lines.some(({ type }) => type === 'turn.ended')) return lines;
    const { promise, resolve } = Promise.withResolvers<void>();
    clock.after(WAIT_MS, resolve);
    await promise;
  }
  return [];
}

async function readLines(path: string, from: number): Promise<Line[]> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(Math.min(Math.max(0, size - from), MAX_BYTES));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
    const text = buffer.toString('utf8', 0, bytesRead);
    return text.split('\n').flatMap((line) => {
      // The others are long, and nothing of them is wanted.
      if (!line.includes('"usage.record"') && !line.includes('"turn.ended"')) return [];
      const parsed = parseJson(line);
      const known = lineSchema.safeParse(parsed.ok ? parsed.value : undefined);
      return known.success ? [known.data] : [];
    });
  } finally {
    await handle.close();
  }
}

const toError = (error: z.infer<typeof errorSchema> | undefined) => ({
  code: error?.details?.statusCode ?? 0,
  message: error?.message ?? '',
});

function toUsage(lines: readonly Line[]) {
  const used = lines.flatMap((line) => (line.type === 'usage.record' ? [line.usage] : []));
  if (used.length === 0) return undefined;
  const sum = (pick: (usage: z.infer<typeof usageSchema>) => number) =>
    used.reduce((total, each) => total + pick(each), 0);
  return {
    inputTokens: sum(({ inputOther }) => inputOther),
    outputTokens: sum(({ output }) => output),
    cachedReadTokens: sum(({ inputCacheRead }) => inputCacheRead),
    cachedWriteTokens: sum(({ inputCacheCreation }) => inputCacheCreation),
  };
}
