import { evolve, noSession, toListedView, toSessionView, type SessionState } from '@baton/core';
import { createId, type SessionEvent, type SessionId } from '@baton/protocol';
import { openSqliteStore } from '@baton/store';
import { createTalk } from '../load/talk.ts';

const AT = '2026-01-01T00:00:00.000Z';
const TOOLS = 3;
const BATCH = 1000;

/** How many events a log of so many turns has. */
export function toEventCount(turns: number): number {
  return 1 + turns * (4 + 2 * TOOLS);
}

/** A database of sessions as work leaves them: prompts, commands with their output, answers. Resolves with their ids. */
export async function fillStore(
  path: string,
  { sessions, turns, cwd }: { sessions: number; turns: number; cwd: string },
): Promise<SessionId[]> {
  const store = openSqliteStore({ path });
  const say = createTalk();
  const ids = Array.from({ length: sessions }, () => createId('session'));
  for (const sessionId of ids) {
    const events = toLog(say, { turns, cwd });
    let state: SessionState = noSession;
    for (let seq = 0; seq < events.length; seq += BATCH) {
      const batch = events.slice(seq, seq + BATCH);
      for (const [index, event] of batch.entries()) {
        state = evolve(state, { sessionId, seq: seq + index + 1, at: AT, event });
      }
      if (state.status === 'none') throw new Error('A log of nothing has no view');
      await store.append({
        sessionId,
        expectedSeq: seq,
        at: AT,
        events: batch,
        view: toListedView(toSessionView(state)),
      });
    }
  }
  await store.close();
  return ids;
}

type Say = (words: number) => string;

function toLog(say: Say, { turns, cwd }: { turns: number; cwd: string }): SessionEvent[] {
  const created: SessionEvent = { type: 'session.created', backend: 'load', cwd, title: say(4), by: 'owner' };
  return [created, ...Array.from({ length: turns }, () => toTurn(say)).flat()];
}

function toTurn(say: Say): SessionEvent[] {
  const turnId = createId('turn');
  const itemId = createId('item');
  return [
    { type: 'turn.started', turnId, input: [{ type: 'text', text: say(12) }], by: 'owner' },
    ...Array.from({ length: TOOLS }, () => toCall(say, turnId)).flat(),
    { type: 'item.started', turnId, itemId, item: { type: 'agent-message', text: '' } },
    { type: 'item.ended', itemId, item: { type: 'agent-message', text: say(60) } },
    { type: 'turn.ended', turnId, outcome: 'completed', durationMs: 1000 },
  ];
}

function toCall(say: Say, turnId: ReturnType<typeof createId<'turn'>>): SessionEvent[] {
  const itemId = createId('item');
  const command = say(3);
  const call = {
    type: 'tool-call',
    tool: 'Bash',
    title: command,
    kind: 'execute',
    input: { command },
    startedAt: AT,
  } as const;
  const output = [{ type: 'terminal', text: say(80), exitCode: 0 }] as const;
  return [
    { type: 'item.started', turnId, itemId, item: { ...call, status: 'running' } },
    { type: 'item.ended', itemId, item: { ...call, status: 'completed', output: [...output], endedAt: AT } },
  ];
}
