import { checkInvariants, evolve, noSession } from '@baton/core';
import { type RecordedEvent, recordedEventSchema, type SessionId } from '@baton/protocol';
import { z } from 'zod';
import type { BatonProcess } from '../harness/baton-process.ts';
import { keep } from './soak.ts';

const PAGE = 5000;
const pageSchema = z.object({ events: z.array(recordedEventSchema), seq: z.int() });

/** The whole log of a session, checked: numbered without a gap, and every invariant of the SPEC holds. */
export async function readSoundLog(baton: BatonProcess, id: SessionId): Promise<RecordedEvent[]> {
  const log: RecordedEvent[] = [];
  for (;;) {
    const { status, body } = await baton.request('GET', `/sessions/${id}/events?limit=${PAGE}&after=${log.length}`);
    keep(status === 200, `the log of ${id} can be read`, { status, body });
    const { events } = pageSchema.parse(body);
    log.push(...events);
    if (events.length < PAGE) break;
  }
  const gap = log.find(({ seq }, index) => seq !== index + 1);
  keep(gap === undefined, `the log of ${id} has no gap`, gap);
  const events = log.map(({ event }) => event);
  const faults = checkInvariants(events, log.reduce(evolve, noSession));
  keep(faults.length === 0, `the log of ${id} is sound`, { faults, types: events.map(({ type }) => type) });
  return log;
}
