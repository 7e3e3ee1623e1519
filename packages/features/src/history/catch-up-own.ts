import type { Clock, Engine } from '@baton/core';
import {
  type EventOf,
  isAppError,
  type ItemId,
  type SessionId,
  type SessionView,
  toPlainText,
  type TurnId,
} from '@baton/protocol';
import { createKeyedQueue } from '../request/keyed-queue.ts';
import type { HistoryCalls, OwnChange, OwnPast, Since } from './history-calls.ts';

export interface CatchUpOptions {
  index: Pick<HistoryCalls, 'readSince'>;
  engine: Engine;
  clock: Clock;
  onFault(error: unknown): void;
}

/** Tells sessions what was said in their conversations in the agents' own programs, while their own agent had nothing to do. */
export interface CatchUp {
  /** What an agent stores of a session's conversation has changed; often that was the session's own agent. */
  hear(change: OwnChange): void;
  /** Resolves when nothing of it is under way any more. */
  stop(): Promise<void>;
}

const PAGE = 500;
/** An agent that was told to end is looked for again after this long. */
const ENDING_MS = 1000;
const ENDING_TRIES = 30;

interface Look {
  /** Nothing has changed for as long as was asked for. */
  isQuiet: boolean;
  /** How often it may still be waited for the agent's end. */
  tries: number;
}

const isDown = ({ state }: SessionView): boolean => state === 'stopped' || state === 'failed';

export function createCatchUp({ index, engine, clock, onFault }: CatchUpOptions): CatchUp {
  const queue = createKeyedQueue();
  /** Conversations whose last turn may go on, and when they are looked at again. */
  const later = new Map<SessionId, () => void>();
  let stopped = false;

  function look(change: OwnChange, how: Look): void {
    if (stopped) return;
    queue.run(change.sessionId, () => catchUp(change, how)).catch((cause: unknown) => fail(cause));
  }

  // What changes meanwhile is heard of again, and an index that is away says so by itself.
  function fail(cause: unknown): void {
    const isUsual = isAppError(cause) && ['store-unavailable', 'shutting-down', 'not-found'].includes(cause.kind);
    if (!isUsual) onFault(cause);
  }

  async function catchUp(change: OwnChange, { isQuiet, tries }: Look): Promise<void> {
    const { sessionId, nativeId } = change;
    const view = await engine.readShortView(sessionId);
    // What its own agent does in a turn is told by that.
    if (stopped || view?.nativeId !== nativeId || view.turn !== undefined) return;
    const { past, againMs } = await readMissed(change, view, isQuiet);
    if (past.length === 0 && againMs === undefined) return;
    // An agent that waits knows nothing of it, and would go on as if it had not been said.
    if (!isDown(view)) return tries > 0 ? letGo(change, { isQuiet, tries }) : undefined;
    if (againMs !== undefined && !isQuiet) wait(change, { ms: againMs, isQuiet: true, tries });
    if (past.length > 0) await engine.catchUp(sessionId, { nativeId, seq: view.seq, past });
  }

  async function readMissed(change: OwnChange, view: SessionView, isQuiet: boolean): Promise<Since> {
    const end = await findEnd(engine, view);
    if (end === undefined || isKnown(change, end)) return { past: [] };
    const own = await readOwn(engine, change.sessionId);
    return index.readSince({ id: change.id, ...own, since: end.since, isQuiet });
  }

  async function letGo(change: OwnChange, { isQuiet, tries }: Look): Promise<void> {
    await engine.letGo(change.sessionId);
    wait(change, { ms: ENDING_MS, isQuiet, tries: tries - 1 });
  }

  function wait(change: OwnChange, { ms, ...how }: Look & { ms: number }): void {
    if (stopped) return;
    const cancel = clock.after(ms, () => {
      later.delete(change.sessionId);
      look(change, how);
    });
    later.set(change.sessionId, cancel);
  }

  return {
    hear(change) {
      later.get(change.sessionId)?.();
      later.delete(change.sessionId);
      look(change, { isQuiet: false, tries: ENDING_TRIES });
    },
    async stop() {
      stopped = true;
      for (const cancel of later.values()) cancel();
      later.clear();
      await queue.idle();
    },
  };
}

type Reader = Pick<Engine, 'readEvents'>;

interface End {
  /** The last that its own agent told. What is stored with a later time was said elsewhere. */
  since: string;
  point: string | undefined;
}

/** How the session's last turn ended. */
async function findEnd(engine: Reader, { id, seq }: SessionView): Promise<End | undefined> {
  for (let end = seq; end > 0; end -= PAGE) {
    const after = Math.max(0, end - PAGE);
    const { events } = await engine.readEvents(id, { after, limit: end - after });
    const place = events.findLastIndex(({ event }) => event.type === 'turn.ended');
    const last = events[place];
    if (last?.event.type !== 'turn.ended') continue;
    const { at } = last;
    // Found dead by the next server, who knows how long after: what came before that was its last word.
    const wasLeft = last.event.error?.kind === 'server-restarted';
    const word = wasLeft ? events.slice(0, place).findLast((each) => each.at < at) : undefined;
    return { since: word?.at ?? at, point: last.event.point };
  }
  return undefined;
}

/** What its own agent wrote as its last is known; all that differs from it is looked at. */
function isKnown({ lastAt, lastTurnAt, point }: OwnChange, end: End): boolean {
  if (point !== undefined && end.point !== undefined) return point === end.point;
  return Math.max(Date.parse(lastAt), Date.parse(lastTurnAt)) <= Date.parse(end.since);
}

async function readOwn(engine: Reader, sessionId: SessionId): Promise<Pick<OwnPast, 'turns' | 'taken'>> {
  const turns = new Map<TurnId, OwnPast['turns'][number]>();
  const taken: ItemId[] = [];
  let takenUpTo = 0;
  for (let after = 0; ; ) {
    const { events } = await engine.readEvents(sessionId, { after, limit: PAGE });
    for (const { seq, event } of events) {
      if (event.type === 'session.continued') takenUpTo = seq + event.events;
      if (event.type === 'item.started' && seq <= takenUpTo) taken.push(event.itemId);
      if (event.type === 'turn.started') turns.set(event.turnId, toTurn(event));
      const turn = event.type === 'turn.ended' ? turns.get(event.turnId) : undefined;
      if (turn !== undefined && event.type === 'turn.ended') turns.set(turn.turnId, { ...turn, point: event.point });
    }
    const last = events.at(-1);
    if (last === undefined) return { turns: [...turns.values()], taken };
    after = last.seq;
  }
}

const toTurn = ({ turnId, input }: EventOf<'turn.started'>) => ({ turnId, text: toPlainText(input) });
