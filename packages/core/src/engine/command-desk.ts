import {
  AppError,
  type Command,
  type CommandId,
  type CommandOf,
  createId,
  type Problem,
  toAppError,
  toProblem,
} from '@baton/protocol';
import type { Clock } from '../ports/clock.ts';
import type { EventStore } from '../ports/event-store.ts';
import type { Actors } from './actors.ts';
import type { BackendBreakers } from './backend-breakers.ts';
import type { BackendCatalogue } from './backend-catalogue.ts';
import { toCommandDigest } from './command-digest.ts';
import { CommandLine, type Place } from './command-line.ts';
import type { Engine, Receipt } from './engine.ts';
import { forkSession } from './fork-session.ts';
import { locateSession } from './locate-session.ts';
import type { StoredReceipt } from './session-log.ts';

export interface CommandDesk {
  execute: Engine['execute'];
  /** Refuses what comes from now on, and resolves when what came before is answered. */
  close(): Promise<void>;
}

export interface CommandDeskOptions {
  store: EventStore;
  actors: Actors;
  catalogue: BackendCatalogue;
  breakers: BackendBreakers;
  clock: Clock;
  resolveFolder(path: string): Promise<string>;
  onFault(error: unknown): void;
}

/**
 * Where commands come in: each id has one effect and one receipt, and every failure is a receipt. An id that comes again
 * with another command is a `conflict`, and changes neither the first effect nor its receipt.
 */
export function createCommandDesk(options: CommandDeskOptions): CommandDesk {
  const { store, actors, clock, onFault } = options;
  const now = () => new Date(clock.now()).toISOString();
  const inFlight = new Map<CommandId, { digest: Promise<string>; receipt: Promise<Receipt> }>();
  const line = new CommandLine();
  let closed = false;

  function execute(command: Command, request: Request): Promise<Receipt> {
    const { commandId } = request;
    const digest = toCommandDigest(command);
    const running = inFlight.get(commandId);
    if (running !== undefined) return answer(join(running, digest, commandId));
    // What one device sends after another is done in that order: digests and checks take one longer than another.
    const place = line.join('sessionId' in command ? command.sessionId : undefined);
    const receipt = answer(run(command, request, { digest, place })).finally(() => {
      place.leave();
      inFlight.delete(commandId);
    });
    inFlight.set(commandId, { digest, receipt });
    return receipt;
  }

  async function run(command: Command, { commandId, actor: person }: Request, arrival: Arrival) {
    if (closed) throw new AppError('shutting-down', 'The server is stopping; send the command again when it is back');
    const stored = await store.readReceipt(commandId);
    const digest = await arrival.digest;
    // Only `execute` writes receipts, so what is stored has this shape.
    if (stored !== undefined) return readStored(stored as StoredReceipt, digest, commandId);
    await (URGENT.has(command.type) ? soon(arrival.place.turn, clock) : arrival.place.turn);
    const origin = { commandId, digest };
    if (command.type === 'session.fork') return forkSession(command, { ...origin, actor: person }, { ...options, now });
    const checked = await check(command, options);
    const sessionId = await locateSession(store, checked);
    const request = { command: checked, by: person.id, via: person.via, ...origin };
    const receipt = await actors.use(sessionId, (actor) => {
      const executed = actor.execute(request);
      arrival.place.leave();
      return executed;
    });
    return receipt.ok ? receipt : { ok: false as const, error: await explain(receipt.error, checked, store) };
  }

  function answer(work: Promise<Receipt>): Promise<Receipt> {
    return work.catch((error: unknown): Receipt => {
      const fault = toAppError(error);
      if (fault.kind === 'internal') onFault(error);
      return { ok: false, error: toProblem(fault) };
    });
  }

  return {
    execute,
    async close() {
      closed = true;
      await Promise.allSettled([...inFlight.values()].map(({ receipt }) => receipt));
    },
  };
}

type Request = Parameters<Engine['execute']>[1];

/** What ends an agent's work comes after what was sent before it, unless that takes long to look at. */
const URGENT: ReadonlySet<Command['type']> = new Set<Command['type']>(['turn.interrupt', 'session.stop']);
const URGENT_MS = 1000;

async function soon(turn: Promise<void>, clock: Clock): Promise<void> {
  const late = Promise.withResolvers<void>();
  const cancel = clock.after(URGENT_MS, late.resolve);
  await Promise.race([turn, late.promise]);
  cancel();
}

interface Arrival {
  digest: Promise<string>;
  place: Place;
}

async function join(
  running: { digest: Promise<string>; receipt: Promise<Receipt> },
  digest: Promise<string>,
  commandId: CommandId,
): Promise<Receipt> {
  if ((await running.digest) !== (await digest)) throw toReuse(commandId);
  return running.receipt;
}

function readStored({ digest, ...receipt }: StoredReceipt, wanted: string, commandId: CommandId): Receipt {
  if (digest !== undefined && digest !== wanted) throw toReuse(commandId);
  return receipt;
}

function toReuse(commandId: CommandId): AppError {
  return new AppError(
    'conflict',
    `Nothing was done: the command id "${commandId.slice(0, 100)}" was used before, for a command that says something else. Send this one under an id (or Idempotency-Key) of its own`,
  );
}

// What only the world outside the session can tell.
async function check(command: Command, options: CommandDeskOptions): Promise<Command> {
  switch (command.type) {
    case 'session.create':
      return checkCreate(command, options);
    case 'turn.start':
    case 'session.start': {
      const view = await options.store.readView(command.sessionId);
      const isDown = view?.state === 'stopped' || view?.state === 'failed';
      if (view !== undefined && isDown) options.breakers.requireClosed(view.backend);
      return command;
    }
    case 'turn.steer':
    case 'session.rewind': {
      const view = await options.store.readView(command.sessionId);
      if (view !== undefined) {
        await options.catalogue.requireCapability(view.backend, command.type === 'turn.steer' ? 'steer' : 'rewind');
      }
      return command;
    }
    default:
      return command;
  }
}

async function checkCreate(
  command: CommandOf<'session.create'>,
  { catalogue, breakers, resolveFolder }: CommandDeskOptions,
): Promise<CommandOf<'session.create'>> {
  const sessionId = command.sessionId ?? createId('session');
  const backend = await catalogue.requireStartable(command.backend);
  catalogue.requireMode(backend, command.mode);
  breakers.requireClosed(command.backend);
  const cwd = await resolveFolder(command.cwd);
  return { ...command, sessionId, cwd };
}

// The other device is told who was first.
async function explain(problem: Problem, command: Command, store: EventStore): Promise<Problem> {
  if (problem.kind !== 'approval-already-answered' || command.type !== 'approval.answer') return problem;
  const view = await store.readApproval(command.approvalId);
  if (view?.state === 'withdrawn') return { ...problem, detail: `The approval was withdrawn: ${view.reason ?? ''}` };
  if (view?.by === undefined) return problem;
  const option = view.options.find((each) => each.id === view.option)?.title ?? view.option;
  return { ...problem, detail: `Already answered by ${view.by}: ${option}`, answeredBy: view.by };
}
