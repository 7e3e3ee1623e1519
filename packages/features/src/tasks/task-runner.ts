import type { Clock, Engine, Receipt } from '@baton/core';
import {
  type Command,
  createId,
  type Failure,
  isAppError,
  type SessionId,
  type TaskId,
  toAppError,
} from '@baton/protocol';
import { chooseNext, findNextMoment, settleWaiting, toRetryDelay } from './plan-tasks.ts';
import { readOutcome, type TurnOutcome } from './read-outcome.ts';
import { failTask, type TaskRecord, withoutTurn } from './task-record.ts';
import { AFTER_RESTART, checkResult, toCorrection, toPrompt } from './task-result.ts';
import type { Tasks } from './task-table.ts';

export interface TaskRunnerOptions {
  engine: Engine;
  tasks: Tasks;
  clock: Clock;
  atOnce: number;
  onFault(error: unknown): void;
}

const FAULT_RETRY_MS = 2000;
const MAX_RESTARTS = 20;

/**
 * Brings tasks to their ends. Everything it does follows from the records and the sessions' logs and is written down before it
 * is done, so that it can be interrupted anywhere and goes on after the next start. One step at a time.
 */
export class TaskRunner {
  readonly #options: TaskRunnerOptions;
  #last: Promise<unknown> = Promise.resolve();
  #stopping = false;
  #cancelTimer: (() => void) | undefined;

  constructor(options: TaskRunnerOptions) {
    this.#options = options;
  }

  /** Alone, after all that was asked for before. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Looks at all that runs, as after a start. */
  resume(): void {
    for (const { id, state } of this.#options.tasks.all.values()) if (state === 'running') this.look(id);
    this.pump();
  }

  /** Something may have become of this task's turn. */
  look(id: TaskId): void {
    this.#attempt(() => this.#look(id));
  }

  /** Begins what can begin now. */
  pump(): void {
    this.#attempt(() => this.#pump());
  }

  /** A task that was running is one no more: its agent is ended, in the middle of its work when need be. */
  endAgent(sessionId: SessionId, by: TaskRecord['by']): void {
    const ask = (type: 'turn.interrupt' | 'session.stop') =>
      this.#execute({ type, sessionId }, createId('command'), by);
    void ask('turn.interrupt').then(() => ask('session.stop'));
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#cancelTimer?.();
    await this.#last;
  }

  // What the store refuses now it may take later, and nothing is lost meanwhile.
  #attempt(step: () => Promise<void>): void {
    if (this.#stopping) return;
    this.inTurn(step).catch((error: unknown) => {
      this.#options.onFault(error);
      if (!isStopping(error)) this.#options.clock.after(FAULT_RETRY_MS, () => this.#attempt(step));
    });
  }

  get #now(): string {
    return new Date(this.#options.clock.now()).toISOString();
  }

  async #pump(): Promise<void> {
    const { tasks, clock, atOnce } = this.#options;
    await tasks.write(...settleWaiting(tasks.all, this.#now));
    for (;;) {
      const next = this.#stopping ? undefined : chooseNext(tasks.all, { atOnce, now: clock.now() });
      if (next === undefined) break;
      await this.#begin(next);
    }
    const moment = findNextMoment(tasks.all, clock.now());
    this.#cancelTimer?.();
    this.#cancelTimer = moment === undefined ? undefined : clock.after(moment - clock.now(), () => this.pump());
  }

  async #begin(task: TaskRecord): Promise<void> {
    const { notBefore: _, failure: __, ...rest } = task;
    const begun: TaskRecord = {
      ...rest,
      state: 'running',
      attempts: task.attempts + 1,
      sessionId: createId('session'),
      turn: { turnId: createId('turn'), text: toPrompt(task.prompt, task.schema), opens: true },
      corrected: false,
      restarts: 0,
      startedAt: this.#now,
    };
    await this.#options.tasks.write(begun);
    this.#ask(begun);
  }

  // Repeatable: the ids of what is asked for are in the record.
  #ask(task: TaskRecord): void {
    const { turn, sessionId } = task;
    if (turn === undefined || sessionId === undefined) return;
    const { turnId, text } = turn;
    const input = [{ type: 'text' as const, text }];
    const command: Command = turn.opens
      ? { type: 'session.create', sessionId, turnId, prompt: input, background: true, ...describe(task) }
      : { type: 'turn.start', sessionId, turnId, input };
    void this.#execute(command, `task_${turnId}`, task.by).then((receipt) => {
      if (receipt.ok) return this.look(task.id);
      const { kind, detail: message } = receipt.error;
      if (kind === 'shutting-down') return undefined;
      return this.#attempt(() => this.#refuse(task, { kind, message }));
    });
  }

  #execute(command: Command, commandId: string, by: TaskRecord['by']): Promise<Receipt> {
    return this.#options.engine.execute(command, { commandId, actor: by });
  }

  async #refuse(asked: TaskRecord, failure: Failure): Promise<void> {
    const task = this.#options.tasks.all.get(asked.id);
    if (task?.turn?.turnId === asked.turn?.turnId && task?.state === 'running') await this.#fail(task, failure);
  }

  async #look(id: TaskId): Promise<void> {
    const { tasks, engine } = this.#options;
    const task = tasks.all.get(id);
    if (task?.state !== 'running' || task.turn === undefined || task.sessionId === undefined) return;
    const outcome = await readOutcome(engine, task.sessionId, task.turn.turnId);
    await this.#follow(task, outcome);
  }

  async #follow(task: TaskRecord, outcome: TurnOutcome): Promise<void> {
    switch (outcome.state) {
      case 'open':
        return undefined;
      case 'removed':
        return this.#give(task, 'its prompt was taken out of the queue of its session');
      case 'ended':
        return this.#settle(task, outcome);
      default:
        // Not asked for yet, or asked for and deleted: its receipt tells.
        return this.#askAgain(task);
    }
  }

  async #askAgain(task: TaskRecord): Promise<void> {
    if (this.#asked.has(task.turn?.turnId ?? '')) return this.#give(task, 'its session was deleted');
    this.#asked.add(task.turn?.turnId ?? '');
    this.#ask(task);
  }

  /** Turns that were asked for in this life of the server. */
  readonly #asked = new Set<string>();

  async #settle(task: TaskRecord, { event, text }: Extract<TurnOutcome, { state: 'ended' }>): Promise<void> {
    if (event.outcome === 'interrupted') return this.#give(task, 'its turn was interrupted by hand');
    if (event.outcome === 'failed') {
      const error = event.error ?? { kind: 'internal', message: 'The turn failed without a reason' };
      if (error.kind !== 'server-restarted' || task.restarts >= MAX_RESTARTS) return this.#fail(task, error);
      // Not the task's fault: it goes on where it was, and the try does not count.
      return this.#continue({ ...task, restarts: task.restarts + 1 }, AFTER_RESTART);
    }
    if (task.schema === undefined) return this.#succeed(task, { text });
    const checked = await checkResult(text, task.schema);
    if (checked.ok) return this.#succeed(task, { text, value: checked.value });
    if (!task.corrected) return this.#continue({ ...task, corrected: true }, toCorrection(checked.why));
    return this.#fail(task, { kind: 'model-failed', message: `The result cannot be used: ${checked.why}` });
  }

  async #continue(task: TaskRecord, text: string): Promise<void> {
    if (this.#stopping) return;
    const next = { ...task, turn: { turnId: createId('turn'), text, opens: false } };
    await this.#options.tasks.write(next);
    this.#ask(next);
  }

  async #succeed(task: TaskRecord, said: { text: string; value?: unknown }): Promise<void> {
    const { engine, tasks } = this.#options;
    const { sessionId } = task;
    const view = sessionId && (await engine.readView(sessionId));
    if (view === undefined || sessionId === undefined) return this.#give(task, 'its session was deleted');
    const endedAt = this.#now;
    const durationMs = Math.max(0, Date.parse(endedAt) - Date.parse(task.startedAt ?? endedAt));
    const costs = { usage: view.usage, ...(view.costUsd === undefined ? {} : { costUsd: view.costUsd }) };
    const result = { taskId: task.id, sessionId, ...said, ...costs, durationMs };
    await tasks.write({ ...withoutTurn(task), state: 'succeeded', endedAt, result });
    this.#release(task);
  }

  // Tried again where that was wanted.
  async #fail(task: TaskRecord, failure: Failure): Promise<void> {
    if (task.attempts > task.retries) {
      await this.#options.tasks.write(failTask(task, failure, this.#now));
    } else {
      const delay = toRetryDelay(task.attempts, Math.random());
      const notBefore = new Date(this.#options.clock.now() + delay).toISOString();
      await this.#options.tasks.write({ ...withoutTurn(task), state: 'queued', failure, notBefore });
    }
    this.#release(task);
  }

  // What a person did to its session is the end of it.
  async #give(task: TaskRecord, why: string): Promise<void> {
    const failure: Failure = { kind: 'conflict', message: `The task was given up: ${why}` };
    await this.#options.tasks.write(failTask(task, failure, this.#now));
    this.#release(task);
  }

  // The session stays, to be read and gone on with; its agent need not wait for that.
  #release({ sessionId, by }: TaskRecord): void {
    if (sessionId !== undefined) void this.#execute({ type: 'session.stop', sessionId }, createId('command'), by);
    this.pump();
  }
}

function describe({ backend, cwd, title, model, mode }: TaskRecord) {
  return {
    ...{ backend, cwd, title },
    ...(model === undefined ? {} : { model }),
    ...(mode === undefined ? {} : { mode }),
  };
}

function isStopping(error: unknown): boolean {
  return isAppError(error) && toAppError(error).kind === 'shutting-down';
}
