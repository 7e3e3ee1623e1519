import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AgentReport,
  type StoredSession,
  type StoredSessionRef,
  type StoredSessions,
  checkInvariants,
  evolve,
  noSession,
} from '@baton/core';
import {
  type EventOf,
  type Item,
  type SessionEvent,
  isAppError,
  sessionEventSchema,
  sessionIdSchema,
} from '@baton/protocol';
import fc from 'fast-check';
import { expect } from 'vitest';

const SESSION = sessionIdSchema.parse('ses_found');
const ALLOWED = /^(?:turn\.(?:started|steered|ended)|item\.(?:started|ended)|plan\.updated)$/;

/** That a conversation keeps what the port promises. */
export function expectSound(session: StoredSession): void {
  const created: SessionEvent = {
    type: 'session.created',
    backend: 'found',
    cwd: session.cwd,
    inherited: session.events.length,
    by: 'ada',
  };
  const events = [created, ...session.events.map(({ event }) => event)];
  for (const event of events.slice(1)) {
    expect(event.type).toMatch(ALLOWED);
    sessionEventSchema.parse(event);
  }
  const times = [session.createdAt, ...session.events.map(({ at }) => at), session.updatedAt];
  expect(times).toEqual(times.toSorted());
  const log = events.map((event, index) => ({
    sessionId: SESSION,
    seq: index + 1,
    at: times[Math.max(0, index)] ?? session.createdAt,
    event,
  }));
  const state = log.reduce((before, recorded) => evolve(before, recorded), noSession);
  expect(checkInvariants(events, state)).toEqual([]);
  const open = new Set<string>();
  for (const event of events) {
    if (event.type === 'turn.started') open.add(event.turnId);
    if (event.type === 'turn.ended') open.delete(event.turnId);
  }
  expect([...open]).toEqual([]);
}

export async function toList(refs: AsyncIterable<StoredSessionRef>): Promise<StoredSessionRef[]> {
  const list: StoredSessionRef[] = [];
  for await (const ref of refs) list.push(ref);
  return list.toSorted((left, right) => (left.ref < right.ref ? -1 : 1));
}

export async function readAll(stored: StoredSessions): Promise<StoredSession[]> {
  const sessions: StoredSession[] = [];
  for (const { ref } of await toList(stored.list())) {
    const session = await stored.read(ref);
    if (session !== undefined) sessions.push(session);
  }
  return sessions;
}

export function eventsOf<T extends SessionEvent['type']>(session: StoredSession | undefined, type: T): EventOf<T>[] {
  const isIt = (event: SessionEvent): event is EventOf<T> => event.type === type;
  return (session?.events ?? []).map(({ event }) => event).filter(isIt);
}

export const itemsOf = (session: StoredSession | undefined): Item[] =>
  eventsOf(session, 'item.ended').map(({ item }) => item);

/** What a reader of the page would see of each turn, in short. */
export function toOutline(session: StoredSession | undefined): string[] {
  return (session?.events ?? []).flatMap(({ event }) => {
    switch (event.type) {
      case 'turn.started':
      case 'turn.steered': {
        const input = event.input.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join(' ');
        return [`${event.type === 'turn.started' ? event.by : '+'}> ${input}`.trim()];
      }
      case 'item.ended': {
        const { item } = event;
        if (item.type === 'tool-call') return [`${item.kind} ${item.title}: ${item.status}`];
        return [`${item.type}: ${'text' in item ? item.text : ''}`];
      }
      case 'plan.updated':
        return [`plan: ${event.entries.map((entry) => `${entry.title} ${entry.status}`).join(', ')}`];
      case 'turn.ended':
        return [`. ${event.outcome}`];
      default:
        return [];
    }
  });
}

export interface Copy {
  root: string;
  remove(): Promise<void>;
}

/** A copy of a folder of fixtures that a test may damage. */
export async function copyFolder(source: URL): Promise<Copy> {
  const root = await mkdtemp(join(tmpdir(), 'stored-test-'));
  await cp(source, root, { recursive: true });
  return { root, remove: () => rm(root, { recursive: true, force: true, maxRetries: 5 }) };
}

/**
 * Cuts the file of each conversation at random places and puts noise into it: reading never fails but with an `AppError`,
 * and never unsoundly.
 */
export async function expectToSurviveDamage(
  stored: StoredSessions,
  files: readonly { ref: string; path: string }[],
): Promise<void> {
  for (const { ref, path } of files) {
    const whole = await readFile(path);
    const place = fc.integer({ min: 1, max: whole.length });
    const noise = fc.uint8Array({ maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(place, fc.option(fc.tuple(place, noise)), async (end, mess) => {
        const damaged = Buffer.from(whole.subarray(0, end));
        if (mess !== null) damaged.set(mess[1].subarray(0, Math.max(0, end - mess[0])), Math.min(mess[0], end));
        await writeFile(path, damaged);
        const session = await stored.read(ref).catch((error: unknown) => {
          if (!isAppError(error)) throw error;
        });
        if (session !== undefined) expectSound(session);
      }),
      { numRuns: 30 },
    );
    await writeFile(path, whole);
  }
}

/** What the conversation itself showed, but for times; what subagents did comes in an order of its own. */
export function toShown(events: readonly (AgentReport | SessionEvent)[]): unknown[] {
  const inner = new Set(
    events.flatMap((each) => (each.type === 'item.started' && each.parentItemId !== undefined ? [each.itemId] : [])),
  );
  return events.flatMap((each) =>
    each.type === 'item.ended' && !inner.has(each.itemId) ? [toTimeless(each.item)] : [],
  );
}

function toTimeless(item: Item): unknown {
  if (item.type !== 'tool-call') return item;
  const { startedAt: _startedAt, endedAt: _endedAt, ...rest } = item;
  return rest;
}
