import { join } from 'node:path';
import { createSession, type BenchServer } from './server.ts';
import type { SeenFrame, Viewer } from './viewer.ts';

const PROGRAM = join(import.meta.dirname, '..', 'load', 'load-agent.ts');
/** How many agents start side by side: each takes a core for a moment. */
const STARTS_AT_ONCE = 4;

/** Where streams are measured: fifty turns that begin at once would save the folder fifty times meanwhile. */
export const ONLY_STREAMS = { BATON_CHECKPOINTS: 'manual' };

export interface Stream {
  deltasPerSecond: number;
  seconds: number;
}

/** Sessions with a living load agent each, behind the ACP backend as any agent of a user's own. */
export async function createLoadSessions(server: BenchServer, count: number): Promise<string[]> {
  const known = await server.request('GET', '/agents').then((answer) => answer.text());
  if (!known.includes('"id":"load"')) {
    const definition = { id: 'load', title: 'Load', command: process.execPath, args: [PROGRAM] };
    await server.request('POST', '/agents', { ...definition, files: false, terminals: false });
  }
  const ids: string[] = [];
  while (ids.length < count) {
    const room = Math.min(STARTS_AT_ONCE, count - ids.length);
    ids.push(...(await Promise.all(Array.from({ length: room }, () => startSession(server)))));
  }
  return ids;
}

// The page is not answered before the agent has said what it is.
async function startSession(server: BenchServer): Promise<string> {
  const id = await createSession(server, { backend: 'load' });
  const events = await fetch(`${server.url}/api/v1/sessions/${id}/events?after=0`, {
    headers: { ...server.headers, accept: 'text/event-stream' },
  });
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of events.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes('"agent.exited"')) throw new Error(`A load agent ended at its start: ${text.slice(-1000)}`);
    if (text.includes('"agent.started"')) break;
  }
  return id;
}

export async function subscribeAll(viewer: Viewer, ids: readonly string[]): Promise<void> {
  const ready = ids.map((id) => viewer.until((frame) => frame.type === 'caught-up' && frame.sessionId === id));
  for (const sessionId of ids) viewer.send({ type: 'subscribe', sessionId, after: 0 });
  await Promise.all(ready);
}

/** Has every session stream once, and resolves when each of its viewers has seen the turn end. */
export async function streamAll(
  seenBy: ReadonlyMap<string, readonly Viewer[]>,
  { deltasPerSecond, seconds }: Stream,
): Promise<void> {
  const ended = [...seenBy].flatMap(([id, viewers]) =>
    viewers.map((viewer) => viewer.until((frame) => isTurnEnd(frame, id))),
  );
  for (const [id, viewers] of seenBy) {
    viewers[0]?.prompt(id, `stream ${Math.round(deltasPerSecond * seconds)} deltas at ${deltasPerSecond} per second`);
  }
  await Promise.all(ended);
}

function isTurnEnd(frame: SeenFrame, id: string): boolean {
  return frame.type === 'event' && frame.sessionId === id && frame.event?.type === 'turn.ended';
}
