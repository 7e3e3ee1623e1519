import {
  AppError,
  commandSchema,
  createId,
  toInvalidInput,
  type CommandInput,
  type ReceiptFrame,
  type UpFrameInput,
} from '@baton/protocol';
import type { Clock } from '@baton/core';
import type { PendingCommand, ReadableStore } from './client.ts';
import { toAppErrorOf } from './problem-error.ts';
import { createPendingCommands } from './pending-commands.ts';
import type { CommandStorage } from './stored-commands.ts';

const RATE_LIMIT_MS = 1_000;

export interface OutboxOptions {
  send: (frame: UpFrameInput) => boolean;
  clock: Clock;
  storage?: CommandStorage | undefined;
  /** A command left the outbox: with its receipt's verdict. */
  settled: (entry: PendingCommand, ok: boolean) => void;
  /** What is sent in place of a command that was refused for this reason; the sender waits for its receipt instead. */
  instead?: ((command: CommandInput, error: AppError) => CommandInput | undefined) | undefined;
}

export interface Outbox {
  readonly pending: ReadableStore<readonly PendingCommand[]>;
  /** Keeps the command and sends it now or when online; resolves with the receipt's result. */
  add(command: CommandInput, id?: string): Promise<unknown>;
  online(): void;
  received(receipt: ReceiptFrame): void;
  /** Refuses what was sent last, so that it is not sent again for ever. */
  refuseLast(problem: AppError): void;
  /** Rejects what still waits. Stored commands stay stored. */
  close(): void;
}

interface Waiter {
  resolve: (result: unknown) => void;
  reject: (error: AppError) => void;
}

/** Commands from the moment somebody meant them until the server's receipt. */
export function createOutbox({ send, clock, storage, settled, instead }: OutboxOptions): Outbox {
  const pending = createPendingCommands(storage);
  const waiters = new Map<string, Waiter>();
  let lastSent: string | undefined;

  function transmit(entry: PendingCommand | undefined): void {
    if (entry !== undefined && send({ type: 'command', id: entry.id, command: entry.command })) lastSent = entry.id;
  }

  function settle(id: string, verdict: Verdict): void {
    const entry = pending.find(id);
    if (!entry) return;
    const next = verdict.ok ? undefined : instead?.(entry.command, verdict.error);
    if (next) return replace(entry, next);
    pending.remove(entry);
    settled(entry, verdict.ok);
    const waiter = waiters.get(id);
    waiters.delete(id);
    if (verdict.ok) waiter?.resolve(verdict.result);
    else waiter?.reject(verdict.error);
  }

  function replace(entry: PendingCommand, command: CommandInput): void {
    const fresh = { ...entry, id: createId('command'), command };
    const waiter = waiters.get(entry.id);
    if (waiter && waiters.delete(entry.id)) waiters.set(fresh.id, waiter);
    pending.replace(entry, fresh);
    settled(entry, false);
    transmit(fresh);
  }

  return {
    pending: pending.store,
    add(command, id = createId('command')) {
      const parsed = commandSchema.safeParse(command);
      if (!parsed.success) {
        settled({ id, command, since: clock.now() }, false);
        return Promise.reject(toInvalidInput(`command "${command.type}"`, parsed.error));
      }
      return new Promise((resolve, reject) => {
        waiters.set(id, { resolve, reject });
        pending.put({ id, command, since: clock.now() });
        transmit(pending.find(id));
      });
    },
    online() {
      for (const entry of pending.store.get()) transmit(entry);
    },
    received(receipt) {
      const kind = receipt.error?.kind;
      // Both mean "not looked at": nothing was done, and the command goes again by itself.
      if (kind === 'shutting-down') return;
      if (kind === 'rate-limited') clock.after(RATE_LIMIT_MS, () => transmit(pending.find(receipt.id)));
      else settle(receipt.id, toVerdict(receipt));
    },
    refuseLast(problem) {
      if (lastSent !== undefined) settle(lastSent, { ok: false, error: problem });
    },
    close() {
      const error = new AppError('server-unreachable', 'The client was closed before the server answered');
      for (const waiter of waiters.values()) waiter.reject(error);
      waiters.clear();
    },
  };
}

type Verdict = { ok: true; result: unknown } | { ok: false; error: AppError };

function toVerdict({ ok, result, error }: ReceiptFrame): Verdict {
  if (ok) return { ok, result };
  return { ok, error: error === undefined ? new AppError('internal', 'The server refused') : toAppErrorOf(error) };
}
