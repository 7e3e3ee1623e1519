import { type BatonClient, createBatonClient, type SessionHandle } from '@baton/client';
import { emptyTimeline, foldTimeline } from '@baton/core';
import { createId, type SessionId, sessionViewSchema } from '@baton/protocol';
import { startRehearsal } from '@baton/rehearsal';
import { createManualClock, type FaultProxy, startFaultProxy } from '@baton/testkit';
import { rehearsalEnv } from '../harness/agents.ts';
import { type BatonProcess, OWNER_KEY, startBaton } from '../harness/baton-process.ts';
import { eventually } from '../harness/eventually.ts';
import { connectPeer, type Peer } from '../harness/peer.ts';
import { readSoundLog } from './read-log.ts';
import { createBudget, createChance, type Figure, keep, type SoakOptions, toQuantile } from './soak.ts';

export interface Line {
  baton: BatonProcess;
  proxy: FaultProxy;
  sessionId: SessionId;
  close(): Promise<void>;
}

const PATIENCE_MS = 30_000;

/** A server, a session of the worker, and a wire to it that can be hurt. */
export async function openLine(): Promise<Line> {
  const rehearsal = await startRehearsal({ scenario: 'echo' });
  const baton = await startBaton({ env: { BATON_CHECKPOINTS: 'manual', BATON_FRAMES_PER_SECOND: '100000' } });
  const proxy = await startFaultProxy(Number(new URL(baton.url).port));
  const sessionId = await makeSession(baton, rehearsalEnv(rehearsal));
  async function close(): Promise<void> {
    await proxy.close();
    await baton.kill('SIGTERM');
    await rehearsal.close();
  }
  return { baton, proxy, sessionId, close };
}

async function makeSession(baton: BatonProcess, env: Record<string, string>): Promise<SessionId> {
  const { body } = await baton.request('POST', '/sessions', { backend: 'worker', cwd: baton.root, env });
  return sessionViewSchema.parse(body).id;
}

// Its back-off, which grows with every line that breaks soon, would make most of the time of a soak.
export function connectThrough({ proxy }: Pick<Line, 'proxy'>): BatonClient {
  const client = createBatonClient({
    url: `http://127.0.0.1:${proxy.port}`,
    key: OWNER_KEY,
    scheduler: (run) => void setImmediate(run),
  });
  client.connection.subscribe(() => {
    if (client.connection.get().status === 'offline') setTimeout(() => client.reconnect(), 5);
  });
  return client;
}

/** A prompt over a line that is cut after so many bytes, and everything that follows: both sides agree in the end. */
export async function promptOverCut(line: Line, client: BatonClient, cut: { sent: boolean; bytes: number }) {
  const { sessionId, proxy } = line;
  const handle = client.openSession(sessionId);
  const turnId = createId('turn');
  if (cut.sent) proxy.cutAfterSent(cut.bytes);
  else proxy.cutAfter(cut.bytes);
  await client.send({ type: 'turn.start', sessionId, turnId, input: `cut after ${cut.bytes}` });
  await until(() => isDone(handle, turnId), `the turn is seen to end when the line was cut after ${cut.bytes} bytes`);
  handle.close();
}

function isDone(handle: SessionHandle, turnId: string): boolean {
  return handle.get().timeline.turns.some((turn) => turn.turnId === turnId && turn.state === 'completed');
}

function until(holds: () => boolean, what: string): Promise<true> {
  return eventually(() => holds() || undefined, { what: () => what, timeoutMs: PATIENCE_MS, intervalMs: 3 });
}

/** What every viewer sees is what the log says, prompts once each and nothing left over; answers how many there are. */
export async function compare(line: Line, handles: readonly SessionHandle[], prompts: number): Promise<number> {
  const log = await readSoundLog(line.baton, line.sessionId);
  const timeline = log.reduce(foldTimeline, emptyTimeline);
  keep(timeline.turns.length === prompts, 'every prompt is there once', {
    wanted: prompts,
    found: timeline.turns.length,
  });
  for (const handle of handles) {
    await until(() => handle.get().timeline.seq === timeline.seq, 'a viewer comes to the end of the log');
    const same = JSON.stringify(handle.get().timeline) === JSON.stringify(timeline);
    keep(same, 'a viewer sees what the log says', { seen: handle.get().timeline.turns.length });
    keep(handle.get().optimistic.length === 0, 'nothing is left unsent', handle.get().optimistic);
  }
  return timeline.turns.length;
}

/** Two tabs and a phone on one session, each on a wire of its own that is cut, dumb, or late, as the seed has it. */
export async function shareSession(line: Line, { rounds, chance }: { rounds: number; chance: () => number }) {
  const port = Number(new URL(line.baton.url).port);
  const wires = await Promise.all([startFaultProxy(port), startFaultProxy(port), startFaultProxy(port)]);
  const clients = wires.map((proxy) => connectThrough({ proxy }));
  const handles = clients.map((client) => client.openSession(line.sessionId));
  const sent: Promise<unknown>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const index = Math.floor(chance() * wires.length);
    hurt(wires[index], chance());
    const input = `shared ${round}`;
    const client = clients[Math.floor(chance() * clients.length)];
    if (client !== undefined) sent.push(client.send({ type: 'turn.start', sessionId: line.sessionId, input }));
  }
  for (const wire of wires) {
    wire.delay(0);
    wire.mend();
  }
  await Promise.all(sent);
  const seen = (handle: SessionHandle) =>
    handle.get().timeline.turns.filter(({ state }) => state === 'completed').length;
  const start = handles.map((handle) => handle.get().timeline.turns.length);
  await until(
    () => handles.every((handle) => seen(handle) >= rounds),
    `all three see ${rounds} turns end, not ${start.join()}`,
  );
  return {
    handles,
    close: async () => {
      for (const each of clients) each.close();
      await Promise.all(wires.map((each) => each.close()));
    },
  };
}

function hurt(wire: FaultProxy | undefined, by: number): void {
  if (by < 0.3) wire?.cut();
  else if (by < 0.6) wire?.cutAfter(Math.floor(by * 5000));
  else if (by < 0.8) wire?.cutAfterSent(Math.floor(by * 300));
  else if (by < 0.9) wire?.delay(Math.floor(by * 60));
  else wire?.delay(0);
}

/**
 * A tab that is frozen while so many events happen, and whose clock then jumps an hour: it has all of them, in order, and
 * knows that it is up to date. Answers how long it took from the thaw, with a bare peer beside it that resumed in one go.
 */
export async function thawTab(line: Line, events: number): Promise<{ tabMs: number; peerMs: number }> {
  const { baton, proxy, sessionId } = line;
  const clock = createManualClock(Date.now());
  const client = createBatonClient({
    url: `http://127.0.0.1:${proxy.port}`,
    key: OWNER_KEY,
    clock,
    window: 100,
    scheduler: (run) => void setImmediate(run),
  });
  const handle = client.openSession(sessionId);
  await until(() => handle.get().status === 'live', 'the tab is up to date before it is frozen');
  proxy.freeze();
  const before = handle.get().timeline.seq;
  const writer = await connectPeer(baton.url, OWNER_KEY);
  const last = await rename(writer, sessionId, events);
  const since = performance.now();
  proxy.thaw();
  clock.advance(3_600_000);
  await eventually(
    () => {
      // Its timers run again, too.
      clock.advance(50);
      const { timeline, status } = handle.get();
      return (status === 'live' && timeline.seq >= before + events) || undefined;
    },
    {
      what: () => `the tab catches up: ${JSON.stringify([client.connection.get(), handle.get().timeline.seq])}`,
      timeoutMs: PATIENCE_MS,
    },
  );
  const tabMs = performance.now() - since;
  keep(handle.get().view?.title === last, 'the tab shows the last title', { last, shown: handle.get().view?.title });
  client.close();
  const peerMs = await resume(baton, sessionId, before);
  writer.close();
  return { tabMs, peerMs };
}

async function resume(baton: BatonProcess, sessionId: SessionId, after: number): Promise<number> {
  const peer = await connectPeer(baton.url, OWNER_KEY);
  const since = performance.now();
  peer.send({ type: 'subscribe', sessionId, after });
  const border = await peer.until((frame) => frame.type === 'caught-up' && frame.sessionId === sessionId);
  const took = performance.now() - since;
  const seqs = peer.events(sessionId).map(({ seq }) => seq);
  const isGapless = seqs.every((seq, index) => seq === after + 1 + index);
  keep(isGapless, 'a peer that comes back gets every event once, in order', { after, got: seqs.length });
  keep(border.type === 'caught-up' && border.seq === seqs.at(-1), 'caught-up names the last event', { border });
  peer.close();
  return took;
}

// Settings are the events that take nothing but a log: as many at once as the socket carries.
async function rename(writer: Peer, sessionId: SessionId, count: number): Promise<string> {
  const title = (index: number) => `title ${index}`;
  for (let from = 0; from < count; from += 500) {
    const batch = Array.from({ length: Math.min(500, count - from) }, (_, index) => from + index);
    await Promise.all(
      batch.map((index) => writer.command({ type: 'session.configure', sessionId, title: title(index) })),
    );
  }
  return title(count - 1);
}

/** Rounds are cuts: at every byte towards the client, then towards the server; then sharing and freezing. */
export async function soakDelivery(options: SoakOptions): Promise<Figure[]> {
  const chance = createChance(options.seed);
  const isLeft = createBudget(options);
  let line = await openLine();
  let client = connectThrough(line);
  const took: number[] = [];
  let cuts = 0;
  let inLine = 0;
  for (; isLeft(cuts); cuts += 1, inLine += 1) {
    // A long log would make the comparing slow, and has been compared by then.
    if (inLine === 200) {
      const handle = client.openSession(line.sessionId);
      await compare(line, [handle], inLine);
      client.close();
      await line.close();
      line = await openLine();
      client = connectThrough(line);
      inLine = 0;
      options.print(`delivery: ${cuts} cuts`);
    }
    const since = performance.now();
    // A whole exchange is under 4,000 bytes down and under 600 up.
    await promptOverCut(
      line,
      client,
      cuts % 4 === 3 ? { sent: true, bytes: (cuts >> 2) % 600 } : { sent: false, bytes: cuts % 4000 },
    );
    took.push(performance.now() - since);
  }
  const shared = Math.min(200, Math.max(12, Math.floor(cuts / 10)));
  const room = await openLine();
  const { handles, close } = await shareSession(room, { rounds: shared, chance });
  await compare(room, handles, shared);
  await close();
  const { tabMs, peerMs } = await thawTab(room, 10_000);
  await room.close();
  client.close();
  await line.close();
  return [
    { name: 'connections cut, at every byte', value: cuts, unit: '' },
    { name: 'from prompt to its end over a cut, median', value: toQuantile(took, 0.5), unit: 'ms' },
    { name: 'prompts by three at once over bad lines', value: shared, unit: '' },
    { name: 'a frozen tab, an hour and 10,000 events behind, is up to date', value: tabMs, unit: 'ms' },
    { name: 'a peer 10,000 events behind is up to date', value: peerMs, unit: 'ms' },
    { name: 'lost, doubled or out of order', value: 0, unit: '', bound: 0 },
  ];
}
