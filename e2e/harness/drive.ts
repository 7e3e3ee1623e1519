import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CommandInput,
  type DeltaFrame,
  type EventOf,
  type InputPart,
  type RecordedEvent,
  type SessionEvent,
  type SessionEventType,
  type SessionId,
  sessionViewSchema,
  type SessionView,
  type TurnId,
} from '@baton/protocol';
import type { AgentUnderTest } from './agents/agent-under-test.ts';
import type { BatonProcess } from './baton-process.ts';
import type { Peer } from './peer.ts';

type Asked = EventOf<'approval.requested'>;
type Kind = 'allow-once' | 'allow-always' | 'deny-once';

/**
 * One session of one agent, driven over the live socket in a folder of its own. All that is read here is of the log from where
 * this began.
 */
export interface Drive {
  readonly id: SessionId;
  readonly cwd: string;
  readonly peer: Peer;
  /** The last event before this began; 0: it sees the whole log. */
  readonly since: number;
  /** The same session, from here on. */
  fromHere(): Drive;
  events(): RecordedEvent[];
  /** The first event of this type that fits. */
  event<T extends SessionEventType>(type: T, fits?: (event: EventOf<T>) => boolean): Promise<EventOf<T>>;
  /** What streamed so far of items that began here. */
  deltas(): DeltaFrame[];
  /** Resolves when more than so many characters of an item have streamed. */
  streamed(characters: number): Promise<void>;
  prompt(input: string | InputPart[]): Promise<{ turnId: TurnId; state: string }>;
  /** Default: the turn of the first prompt that was given here; where none was, the first that ends. */
  turnEnded(turnId?: string): Promise<EventOf<'turn.ended'>>;
  /** The next open approval; answered with the first option of this kind. */
  answer(kind: Kind, note?: string): Promise<Asked>;
  /** Allows whatever is asked, once each, until this is done. */
  allowUntil(done: Promise<unknown>): Promise<void>;
  run(command: { type: 'turn.interrupt' | 'session.stop' | 'session.start' }): Promise<unknown>;
  /** All text the agent said, in order. */
  said(): string;
  view(): Promise<SessionView>;
}

/** A server, and one connection to it. */
export interface Place {
  baton: BatonProcess;
  peer: Peer;
}

export interface DriveOptions {
  env: Record<string, string>;
  mode?: string;
  /** Without it the session starts without a turn. */
  prompt?: string;
}

/** Makes a session on the server that the peer is connected to, in a new folder below the server's root. */
export async function drive(
  place: Place,
  agent: Pick<AgentUnderTest, 'backend'>,
  options: DriveOptions,
): Promise<Drive> {
  const { baton, peer } = place;
  const cwd = mkdtempSync(join(baton.root, 'work-'));
  const create: CommandInput = {
    type: 'session.create',
    backend: agent.backend,
    cwd,
    env: options.env,
    ...(options.mode === undefined ? {} : { mode: options.mode }),
    ...(options.prompt === undefined ? {} : { prompt: options.prompt }),
  };
  const created = sessionViewSchema.parse(await peer.command(create));
  return take(place, created);
}

/** Drives a session that exists, for example one of an earlier life of the server, from this event on. */
export function take(place: Place, session: { id: SessionId; cwd: string }, since = 0): Drive {
  place.peer.send({ type: 'subscribe', sessionId: session.id, after: 0 });
  return createDrive(place, session, since);
}

function createDrive(place: Place, session: { id: SessionId; cwd: string }, since: number): Drive {
  const { baton, peer } = place;
  const { id, cwd } = session;
  const answered = new Set<string>();
  const reading = createReading(peer, id, since);
  let first: TurnId | undefined;

  async function prompt(input: string | InputPart[]): Promise<{ turnId: TurnId; state: string }> {
    const started = (await peer.command({ type: 'turn.start', sessionId: id, input })) as {
      turnId: TurnId;
      state: string;
    };
    first ??= started.turnId;
    return started;
  }

  const asked = () => reading.event('approval.requested', ({ approvalId }) => !answered.has(approvalId));

  async function give({ approvalId, options }: Asked, kind: Kind, note?: string): Promise<void> {
    answered.add(approvalId);
    const option = options.find((each) => each.kind === kind);
    if (option === undefined) throw new Error(`no option of kind ${kind} among ${JSON.stringify(options)}`);
    const command = { type: 'approval.answer', approvalId, option: option.id } as const;
    await peer.command({ ...command, ...(note === undefined ? {} : { note }) });
  }

  async function answer(kind: Kind, note?: string): Promise<Asked> {
    const request = await asked();
    await give(request, kind, note);
    return request;
  }

  async function allowUntil(done: Promise<unknown>): Promise<void> {
    const over = done.then(() => undefined);
    for (;;) {
      const next = asked();
      // Nothing more may be asked for as long as it waits; what is asked after `done` is for others to answer.
      next.catch(() => {});
      const request = await Promise.race([next, over]);
      if (request === undefined) return;
      await give(request, 'allow-once');
    }
  }

  return {
    ...{ id, cwd, peer, since, answer, allowUntil, prompt, ...reading },
    fromHere: () => createDrive(place, session, peer.events(id).at(-1)?.seq ?? since),
    turnEnded: (turnId = first) =>
      reading.event('turn.ended', (event) => turnId === undefined || event.turnId === turnId),
    run: (command) => peer.command({ ...command, sessionId: id }),
    view: async () => sessionViewSchema.parse((await baton.request('GET', `/sessions/${id}`)).body),
  };
}

type Reading = Pick<Drive, 'events' | 'event' | 'deltas' | 'streamed' | 'said'>;

function createReading(peer: Peer, id: SessionId, since: number): Reading {
  const events = () => peer.events(id).filter(({ seq }) => seq > since);

  async function event<T extends SessionEventType>(type: T, fits?: (event: EventOf<T>) => boolean) {
    const isIt = (each: SessionEvent): each is EventOf<T> => each.type === type;
    const frame = await peer.until(
      (each) =>
        each.type === 'event' &&
        each.sessionId === id &&
        each.seq > since &&
        isIt(each.event) &&
        (fits?.(each.event) ?? true),
      `${type} in ${id} after ${since}`,
    );
    if (frame.type !== 'event' || !isIt(frame.event)) throw new Error('not the event');
    return frame.event;
  }

  const begun = (): ReadonlySet<string> =>
    new Set(events().flatMap((each) => (each.event.type === 'item.started' ? [each.event.itemId] : [])));

  return {
    events,
    event,
    deltas: () => {
      const items = begun();
      return peer.frames.flatMap((frame) => (frame.type === 'delta' && items.has(frame.itemId) ? [frame] : []));
    },
    streamed: async (characters) => {
      await peer.until(
        (frame) =>
          frame.type === 'delta' && frame.sessionId === id && frame.offset > characters && begun().has(frame.itemId),
        `${characters} streamed characters in ${id} after ${since}`,
      );
    },
    said: () =>
      events()
        .flatMap((each) =>
          each.event.type === 'item.ended' && each.event.item.type === 'agent-message' ? [each.event.item.text] : [],
        )
        .join('\n'),
  };
}
