import {
  AppError,
  type CommandOf,
  createId,
  type EventOf,
  type RecordedEvent,
  type SessionEvent,
  type ErrorKind,
} from '@baton/protocol';
import type { EventStore } from '../ports/event-store.ts';
import { refuseTurn, toBranchPoint } from '../session/decide-rewind.ts';
import type { EndedTurn } from '../session/decision.ts';
import type { OpenSession } from '../session/state.ts';
import type { Actors } from './actors.ts';
import type { BackendCatalogue } from './backend-catalogue.ts';
import type { Engine, Receipt } from './engine.ts';
import type { CommandRequest } from './job-queue.ts';
import type { SessionActor } from './session-actor.ts';

/** What of a session's past its forks share: the conversation, and neither processes nor settings nor what waits. */
const SHARED: ReadonlySet<SessionEvent['type']> = new Set<SessionEvent['type']>([
  ...(['turn.started', 'turn.steered', 'turn.ended', 'item.started', 'item.ended', 'plan.updated'] as const),
  ...(['approval.requested', 'approval.answered', 'approval.withdrawn'] as const),
  ...(['question.asked', 'question.answered', 'question.withdrawn'] as const),
  ...(['usage.updated'] as const),
]);

export interface ForkParts {
  store: EventStore;
  actors: Actors;
  catalogue: BackendCatalogue;
  now(): string;
}

/** Makes the session that a fork is. Its agent starts with its first prompt. */
export async function forkSession(
  command: CommandOf<'session.fork'>,
  { commandId, digest, actor: person }: Parameters<Engine['execute']>[1] & { digest: string },
  parts: ForkParts,
): Promise<Receipt> {
  const { actors } = parts;
  const planned = await actors.use(command.sessionId, (source) => planFork(source, command, parts));
  const request: CommandRequest = {
    command: { type: 'session.import', created: { ...planned.created, by: person.id }, past: planned.past },
    past: { times: [parts.now(), ...planned.times], env: planned.env },
    by: person.id,
    commandId,
    digest,
  };
  return actors.use(command.forkId ?? createId('session'), (fork) => fork.execute(request));
}

interface ForkPlan {
  created: Omit<EventOf<'session.created'>, 'by'>;
  past: SessionEvent[];
  times: string[];
  env: Record<string, string>;
}

async function planFork(
  source: SessionActor,
  command: CommandOf<'session.fork'>,
  { store, catalogue }: ForkParts,
): Promise<ForkPlan> {
  const { state } = source;
  const { sessionId, turnId } = command;
  if (state.status === 'none') throw new AppError('not-found', `There is no session "${sessionId}"`);
  const turn = await source.findEndedTurn(turnId);
  if (turn === undefined && turnId !== undefined) throw toFault(refuseTurn(state, turnId));
  const isWhole = turn === undefined || (turn.isLast && state.turn === undefined);
  await catalogue.requireCapability(state.backend, isWhole ? 'fork' : 'rewind');
  const created = toCreated(state, command, turn);
  const env = await store.readEnv(sessionId);
  if (turn === undefined) return { created, past: [], times: [], env };
  const shared = await readPast(source, state.backend, turn.seq);
  return { created, past: shared.map(({ event }) => event), times: shared.map(({ at }) => at), env };
}

function toCreated(
  state: OpenSession,
  { sessionId, title }: CommandOf<'session.fork'>,
  turn: EndedTurn | undefined,
): ForkPlan['created'] {
  const branch = turn === undefined ? undefined : toBranchPoint(state, turn);
  if (branch?.ok === false) throw toFault(branch);
  return {
    type: 'session.created',
    ...describe(state),
    title: title ?? `${state.title ?? state.firstPrompt ?? 'Session'} (fork)`,
    parent: { sessionId, ...(turn === undefined ? {} : { turnId: turn.turnId }) },
    ...(branch?.at === undefined ? {} : { branch: branch.at }),
  };
}

function describe({ backend, cwd, model, mode, effort }: OpenSession) {
  return {
    backend,
    cwd,
    ...(model === undefined ? {} : { model }),
    ...(mode === undefined ? {} : { mode }),
    ...(effort === undefined ? {} : { effort }),
  };
}

async function readPast(source: SessionActor, backend: string, until: number): Promise<RecordedEvent[]> {
  const shared: RecordedEvent[] = [];
  for await (const recorded of source.history()) {
    if (recorded.seq > until) break;
    const { event } = recorded;
    // What a backend wrote down for itself is part of the conversation to it.
    const isOwnNote = event.type === 'raw.received' && event.source === backend;
    if (SHARED.has(event.type) || isOwnNote) shared.push(recorded);
  }
  return shared;
}

function toFault({ kind, detail }: { kind: ErrorKind; detail: string }): AppError {
  return new AppError(kind, detail);
}
