import { type AppError, type SessionEvent, toAppError, toProblem } from '@baton/protocol';
import type { Clock } from '../ports/clock.ts';
import { decide } from '../session/decide.ts';
import type { DecisionContext } from '../session/decision.ts';
import type { SessionState } from '../session/state.ts';
import type { AgentPlace } from './agent-place.ts';
import type { RunMark } from '../ports/event-store.ts';
import type { Receipt } from './engine.ts';
import type { CommandRequest, LoggedReport, MarkedReport } from './job-queue.ts';
import type { SessionLog, Step } from './session-log.ts';

const RETRY_MS = 1000;

export interface ReportRecorderOptions {
  log: SessionLog;
  place: AgentPlace;
  clock: Clock;
  context(): DecisionContext;
  publish(steps: readonly Step[]): void;
  /** The log has taken down what a run said up to here. */
  onRecorded(mark: RunMark): void;
  /** The store takes nothing: commands must not wait for it as reports do. */
  onBlocked(fault: AppError): void;
  onFault(error: unknown): void;
}

/** Writes down what the agent says. It cannot be refused: while the log cannot take it, it waits, and the agent with it. */
export class ReportRecorder {
  readonly #options: ReportRecorderOptions;
  /** The store's fault while reports wait for it. */
  #blocked: AppError | undefined;
  #retryNow: (() => void) | undefined;
  #closed = false;
  /** Something was given up: what comes after it must not be taken down, or its mark would say that all before it was. */
  #hasGivenUp = false;

  constructor(options: ReportRecorderOptions) {
    this.#options = options;
  }

  get blocked(): AppError | undefined {
    return this.#blocked;
  }

  /** The answer to a user's command while reports wait: it would wait with them. Undefined: it can be taken. */
  refuse({ commandId }: CommandRequest): Receipt | undefined {
    if (this.#blocked === undefined || commandId === undefined) return undefined;
    return { ok: false, error: toProblem(this.#blocked) };
  }

  async record(reports: readonly MarkedReport[]): Promise<void> {
    const { log, publish, onRecorded } = this.#options;
    if (this.#hasGivenUp) return;
    const events = await this.#decide(reports.map(({ report }) => report));
    if (events.length === 0) return;
    const plan = log.plan(events);
    const mark = reports.at(-1)?.mark;
    for (;;) {
      try {
        const steps = await log.append(plan, { mark });
        this.#blocked = undefined;
        if (mark !== undefined) onRecorded(mark);
        return publish(steps);
      } catch (error) {
        this.#block(toAppError(error));
        if (!this.#closed) await this.#pause();
        if (this.#closed) {
          this.#hasGivenUp = true;
          return;
        }
      }
    }
  }

  /** What waits is given up. */
  close(): void {
    this.#closed = true;
    this.#retryNow?.();
  }

  reopen(): void {
    this.#closed = false;
    this.#hasGivenUp = false;
    this.#blocked = undefined;
  }

  async #decide(reports: readonly LoggedReport[]): Promise<SessionEvent[]> {
    const { log, context } = this.#options;
    let { state } = log;
    const events: SessionEvent[] = [];
    for (const report of reports) {
      const found = report.type === 'agent.went-back' ? await log.findGone(report.points) : {};
      const outlook = { ...context(), ...found, ...this.#outlookAfter(report, state) };
      const decision = decide(state, { type: 'agent.report', report }, outlook);
      if (!decision.ok) continue;
      state = log.plan(decision.events, state).next;
      events.push(...decision.events);
    }
    return events;
  }

  // What an end that nobody asked for means for the next start.
  #outlookAfter(report: LoggedReport, state: SessionState): Partial<DecisionContext> {
    if (report.type !== 'agent.exited' || report.expected || state.status === 'none') return {};
    if (state.agent.phase === 'stopping' || state.agent.phase === 'down') return {};
    return { mayStart: false, retry: this.#options.place.fail(report.failure) };
  }

  #block(fault: AppError): void {
    if (this.#blocked === undefined) this.#options.onFault(fault);
    this.#blocked = fault;
    this.#options.onBlocked(fault);
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#retryNow = resolve;
      this.#options.clock.after(RETRY_MS, resolve);
    });
  }
}
