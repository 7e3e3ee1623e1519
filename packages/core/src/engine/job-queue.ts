import type { AppError, CommandId, TurnId } from '@baton/protocol';
import { toProblem } from '@baton/protocol';
import type { RunMark } from '../ports/event-store.ts';
import type { AgentReport, ItemDelta } from '../ports/backend.ts';
import type { AgentTold } from '../ports/conversation-keeper.ts';
import type { SessionCommand } from '../session/decision.ts';
import type { Receipt } from './engine.ts';

/** Agent reports waiting for the log beyond which the agent is asked to pause. */
const HIGH_WATER = 2000;
const REPORT_BATCH = 256;

export interface CommandRequest {
  command: SessionCommand;
  by: string;
  /** Who answers an approval; default: a person. */
  via?: 'user' | 'policy' | undefined;
  /** For what happened elsewhere: when, one time per event, and the environment of a session that is made of it. */
  past?: { times: readonly string[]; env?: Record<string, string> };
  /** Absent for Baton's own commands, which need no receipt and wait for the log as long as it takes. */
  commandId?: CommandId;
  /** What the command said as it came in, kept beside its receipt. */
  digest?: string;
  /** Only while this turn runs; afterwards the command does nothing. */
  whileTurn?: TurnId;
}

/** What an agent says that goes into the log. */
export type LoggedReport = Exclude<AgentReport, ItemDelta | AgentTold>;

/** A report, and where it stands in what its run says. */
export interface MarkedReport {
  report: LoggedReport;
  mark?: RunMark | undefined;
}

type Job =
  | { kind: 'command'; request: CommandRequest; resolve(receipt: Receipt): void }
  | ({ kind: 'report' } & MarkedReport)
  | { kind: 'delta'; delta: ItemDelta };

export interface JobQueueOptions {
  run(request: CommandRequest): Promise<Receipt>;
  record(reports: readonly MarkedReport[]): Promise<void>;
  stream(delta: ItemDelta): void;
  onFault(error: unknown): void;
}

/** The one queue of a session: one job at a time, in the order they came. Reports that stand in a row are recorded together. */
export class JobQueue {
  readonly #options: JobQueueOptions;
  #jobs: Job[] = [];
  #working = false;
  #relief: PromiseWithResolvers<void> | undefined;
  #rest: PromiseWithResolvers<void> | undefined;

  constructor(options: JobQueueOptions) {
    this.#options = options;
  }

  get busy(): boolean {
    return this.#working;
  }

  submit(request: CommandRequest): Promise<Receipt> {
    return new Promise((resolve) => this.#enqueue({ kind: 'command', request, resolve }));
  }

  /** A promise asks the agent to pause until it resolves. */
  take(report: Exclude<AgentReport, AgentTold>, mark?: RunMark): void | Promise<void> {
    if (report.type !== 'item.delta') this.#enqueue({ kind: 'report', report, mark });
    else if (this.#working) this.#enqueue({ kind: 'delta', delta: report });
    else this.#options.stream(report);
    if (this.#jobs.length < HIGH_WATER) return undefined;
    this.#relief ??= Promise.withResolvers<void>();
    return this.#relief.promise;
  }

  /** Answers the commands of people that wait; what the agent said and what Baton wants itself goes on waiting. */
  refuseWaiting(fault: AppError): void {
    const waits = (job: Job) => job.kind !== 'command' || job.request.commandId === undefined;
    for (const job of this.#jobs) {
      if (job.kind === 'command' && !waits(job)) job.resolve({ ok: false, error: toProblem(fault) });
    }
    this.#jobs = this.#jobs.filter(waits);
  }

  /** Resolves when nothing is left to do. */
  idle(): Promise<void> {
    if (!this.#working) return Promise.resolve();
    this.#rest ??= Promise.withResolvers<void>();
    return this.#rest.promise;
  }

  #enqueue(job: Job): void {
    this.#jobs.push(job);
    if (!this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let job = this.#jobs[0]; job !== undefined; job = this.#jobs[0]) {
      if (job.kind === 'report') {
        // One bad report must not stop the queue for ever.
        await this.#options.record(this.#takeReports()).catch(this.#options.onFault);
      } else {
        this.#jobs.shift();
        if (job.kind === 'delta') this.#options.stream(job.delta);
        else job.resolve(await this.#options.run(job.request));
      }
      this.#relieve();
    }
    this.#working = false;
    this.#rest?.resolve();
    this.#rest = undefined;
  }

  #takeReports(): MarkedReport[] {
    const first = this.#jobs[0];
    const isAlone = first !== undefined && readsLog(first);
    const isOver = (job: Job, index: number) =>
      job.kind !== 'report' || index === REPORT_BATCH || (index > 0 && (isAlone || readsLog(job)));
    const end = this.#jobs.findIndex(isOver);
    const taken = this.#jobs.splice(0, end === -1 ? this.#jobs.length : end);
    return taken.flatMap((job) => (job.kind === 'report' ? [job] : []));
  }

  #relieve(): void {
    if (this.#jobs.length >= HIGH_WATER / 2) return;
    this.#relief?.resolve();
    this.#relief = undefined;
  }
}

/** What it means depends on the log, which must have all that was said before it. */
function readsLog(job: Job): boolean {
  return job.kind === 'report' && job.report.type === 'agent.went-back';
}
