import type { Actor, Clock, Engine, Feature, Receipt, RecordStore, StoreUpkeep } from '@baton/core';
import { createId, type Retention, type RetentionReport, retentionSchema, type SessionView } from '@baton/protocol';
import { z } from 'zod';
import { planRetention, toRawLimit } from './plan-retention.ts';

export type RetentionRoutes = 'getRetention' | 'putRetention' | 'runRetention';

export interface RetentionParts {
  engine: Engine;
  records: RecordStore;
  clock: Clock;
  upkeep: StoreUpkeep;
  onFault(error: unknown): void;
}

const COLLECTION = 'retention';
const RULES = 'rules';
const LAST_RUN = 'last-run';
const DAY_MS = 86_400_000;
/** Looked at hourly, so that a machine that slept through the time does it soon after. */
const LOOK_MS = 3_600_000;
const PAGE = 200;
const ACTOR: Actor = { id: 'retention', name: 'Retention rules', via: 'policy' };

/** Archives and deletes what the rules name, once a day. Without rules it does nothing but tidy the store. */
export function createRetention(parts: RetentionParts): Feature<RetentionRoutes> {
  const { records, clock, onFault } = parts;
  let cancel: (() => void) | undefined;
  let running: Promise<unknown> = Promise.resolve();

  async function readRules(): Promise<Retention> {
    const stored = await records.read(COLLECTION, RULES);
    return stored === undefined ? {} : retentionSchema.parse(stored);
  }

  // One run after the other: two at once would name the same sessions.
  function run(dryRun: boolean): Promise<RetentionReport> {
    const next = running.then(async () => carryOut(parts, await readRules(), dryRun));
    running = next.catch(() => undefined);
    return next;
  }

  async function runIfDue(): Promise<void> {
    const last = z.number().safeParse(await records.read(COLLECTION, LAST_RUN));
    const now = clock.now();
    // A time ahead of now was written before the clock was set back.
    if (last.success && last.data <= now && now - last.data < DAY_MS) return;
    await run(false);
    await parts.upkeep.tidy();
    await records.put(COLLECTION, [{ id: LAST_RUN, value: now }]);
  }

  function look(): void {
    cancel = clock.after(LOOK_MS, look);
    runIfDue().catch(onFault);
  }

  return {
    id: 'retention',
    handlers: {
      getRetention: readRules,
      async putRetention({ body }) {
        await records.put(COLLECTION, [{ id: RULES, value: body }]);
        return body;
      },
      runRetention: ({ body }) => run(body.dryRun),
    },
    async start() {
      cancel = clock.after(LOOK_MS, look);
    },
    async stop() {
      cancel?.();
      await running;
    },
  };
}

async function carryOut(parts: RetentionParts, rules: Retention, dryRun: boolean): Promise<RetentionReport> {
  const { engine, clock, upkeep } = parts;
  const now = clock.now();
  const plan = planRetention(hasSessionRule(rules) ? await listAll(engine) : [], { rules, now });
  const report: RetentionReport = {
    ...{ at: new Date(now).toISOString(), dryRun, archived: [], deleted: [], failed: [] },
    raw: { events: 0, bytes: 0 },
  };
  const each = async (view: SessionView, done: RetentionReport['archived'], act: () => Promise<Receipt>) => {
    const named = { sessionId: view.id, title: view.title };
    // Somebody went on with it meanwhile, or deleted it.
    if ((await engine.readShortView(view.id))?.seq !== view.seq) return;
    const receipt = dryRun ? undefined : await act();
    if (receipt?.ok === false) report.failed.push({ ...named, problem: receipt.error.detail });
    else done.push(named);
  };
  for (const view of plan.archive) await each(view, report.archived, () => archive(engine, view));
  for (const view of plan.delete) await each(view, report.deleted, () => engine.deleteSession(view.id, ACTOR));
  const before = toRawLimit(rules, now);
  return before === undefined ? report : { ...report, raw: await upkeep.trimRaw({ before, dryRun }) };
}

function hasSessionRule({ archiveAfterDays, deleteArchivedAfterDays }: Retention): boolean {
  return archiveAfterDays !== undefined || deleteArchivedAfterDays !== undefined;
}

function archive(engine: Engine, { id }: SessionView): Promise<Receipt> {
  const command = { type: 'session.archive' as const, sessionId: id, archived: true };
  return engine.execute(command, { commandId: createId('command'), actor: ACTOR });
}

async function listAll(engine: Engine): Promise<SessionView[]> {
  const all: SessionView[] = [];
  for (const archived of [false, true]) {
    let cursor: string | undefined;
    do {
      const page = await engine.listSessions({ archived, limit: PAGE, cursor });
      all.push(...page.items);
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
  return all;
}
