import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredSessionRef } from '@baton/core';
import { AppError, parseJson } from '@baton/protocol';
import { z } from 'zod';
import { eachJsonLine } from '../stored/json-lines.ts';
import { listFiles } from '../stored/list-files.ts';
import { type Rollout, type RolloutLine, addLine } from './stored-line.ts';

/** `rollout-<when>-<thread>.jsonl`; with a second id after a `_` it is what the thread went on with after a step back. */
const ROLLOUT = /^rollout-(.+)-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:_[0-9a-f-]+)?\.jsonl$/i;
/** Steps back beyond this are a circle. */
const MAX_BASES = 100;

interface File {
  path: string;
  when: string;
  ref: StoredSessionRef;
}

/** The files of Codex's threads, known by their names. */
export class Rollouts {
  readonly #root: string;
  #threads = new Map<string, File[]>();

  constructor(home: string) {
    this.#root = join(home, 'sessions');
  }

  /** Looks which files there are, and answers the newest of each thread by the thread's id. */
  async refresh(): Promise<ReadonlyMap<string, StoredSessionRef>> {
    const threads = new Map<string, File[]>();
    for await (const ref of listFiles({ root: this.#root, depth: 3, isWanted: (name) => ROLLOUT.test(name) })) {
      const [, when = '', threadId = ''] = ROLLOUT.exec(ref.ref.split('/').at(-1) ?? '') ?? [];
      const file = { path: join(this.#root, ref.ref), when, ref };
      const known = threads.get(threadId);
      if (known === undefined) threads.set(threadId, [file]);
      else known.push(file);
    }
    for (const files of threads.values()) files.sort(byTime);
    this.#threads = threads;
    return new Map([...threads].flatMap(([id, files]) => files.slice(-1).map(({ ref }) => [id, ref] as const)));
  }

  /** A whole thread, with what it took over from others. */
  async read(threadId: string): Promise<Rollout> {
    const file = (await this.#filesOf(threadId)).at(-1);
    if (file === undefined)
      throw new AppError('not-found', `Codex has no conversation "${threadId.slice(0, 100)}" any more`);
    const { meta, lines } = await readRollout(file.path);
    return { meta, lines: [...(await this.#readBase(meta, file)), ...lines] };
  }

  async #filesOf(threadId: string): Promise<readonly File[]> {
    if (!this.#threads.has(threadId)) await this.refresh();
    return this.#threads.get(threadId) ?? [];
  }

  // Each file names the one it goes on from, and up to which line.
  async #readBase(meta: Rollout['meta'], from: File): Promise<RolloutLine[]> {
    let base = meta?.history_base;
    let [file, end] = [from, Infinity];
    let lines: RolloutLine[] = [];
    for (let depth = 0; base !== undefined && depth < MAX_BASES; depth += 1) {
      const before = file;
      const found = (await this.#filesOf(base.thread_id)).findLast((each) => byTime(each, before) < 0);
      if (found === undefined) break;
      end = Math.min(end, base.end_ordinal_exclusive);
      const rollout = await readRollout(found.path);
      const limit = end;
      lines = [...rollout.lines.filter(({ ordinal }) => ordinal === undefined || ordinal < limit), ...lines];
      base = rollout.meta?.history_base;
      file = found;
    }
    return lines;
  }
}

function byTime(left: File, right: File): number {
  if (left.when !== right.when) return left.when < right.when ? -1 : 1;
  return left.ref.changedAt - right.ref.changedAt || (left.path < right.path ? -1 : left.path > right.path ? 1 : 0);
}

async function readRollout(path: string): Promise<Rollout> {
  const rollout: Rollout = { meta: undefined, lines: [] };
  await eachJsonLine(path, (value) => addLine(rollout, value));
  return rollout;
}

const nameSchema = z.object({ id: z.string(), thread_name: z.string() });

/** The names people gave to threads. Read again only when they changed. */
export class ThreadNames {
  readonly #path: string;
  #names = new Map<string, string>();
  #version = '';

  constructor(home: string) {
    this.#path = join(home, 'session_index.jsonl');
  }

  async read(): Promise<ReadonlyMap<string, string>> {
    const found = await stat(this.#path).catch((): undefined => undefined);
    const version = found === undefined ? '' : `${found.size}-${found.mtimeMs}`;
    if (version === this.#version) return this.#names;
    const names = new Map<string, string>();
    const text = await readFile(this.#path, 'utf8').catch(() => '');
    for (const line of text.split('\n')) {
      const parsed = parseJson(line);
      const name = nameSchema.safeParse(parsed.ok ? parsed.value : undefined);
      if (name.success) names.set(name.data.id, name.data.thread_name);
    }
    this.#names = names;
    this.#version = version;
    return names;
  }
}
