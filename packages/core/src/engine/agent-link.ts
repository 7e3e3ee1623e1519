import { AppError, type Failure, type TurnId } from '@baton/protocol';
import type { Clock } from '../ports/clock.ts';
import { AgentRun, type AgentRunOptions } from './agent-run.ts';
import type { Effect } from './react.ts';

export interface AgentLink {
  /** Asks the agent for what an event demands. Never throws: what fails is reported like anything the agent says. */
  perform(effect: Effect): void;
  /** Ends the agent as one that failed, for this reason. False: there is none. */
  fail(failure: Failure): boolean;
  /** Ends the agent and takes no more of its reports. */
  abandon(): Promise<void>;
  readonly live: boolean;
}

export interface AgentLinkOptions extends AgentRunOptions {
  clock: Clock;
  /** Ends the process and starts a new one for what is queued, if this turn still runs: the last resort of an interrupt. */
  restart(turnId: TurnId): void;
  interruptTimeoutMs: number;
  /** Awaited before a prompt goes out, for a bounded time; absent: nothing has to come before. */
  beforeTurn?: ((turnId: TurnId) => Promise<void>) | undefined;
}

/** How long a prompt waits for what has to come before it. */
const HOLD_MS = 2000;

type EffectOf<T extends Effect['type']> = Extract<Effect, { type: T }>;

/** Between the log and one agent process after another. Reports of a process that was let go are dropped. */
export function createAgentLink(options: AgentLinkOptions): AgentLink {
  return new ProcessLink(options);
}

class ProcessLink implements AgentLink {
  readonly #options: AgentLinkOptions;
  #run: AgentRun | undefined;
  #cancelDeadline: (() => void) | undefined;

  constructor(options: AgentLinkOptions) {
    this.#options = options;
  }

  get live(): boolean {
    return this.#run !== undefined;
  }

  perform(effect: Effect): void {
    switch (effect.type) {
      case 'start':
        this.#run = new AgentRun(this.#options);
        return;
      case 'stop':
        return this.#run?.stop();
      case 'release':
        return this.#release();
      case 'turn-over':
        return this.#cancelDeadline?.();
      default:
        if (this.#run !== undefined) this.#request(this.#run, effect);
    }
  }

  fail(failure: Failure): boolean {
    this.#run?.fail(failure);
    return this.live;
  }

  async abandon(): Promise<void> {
    const leaving = this.#run;
    this.#release();
    await leaving?.abandon();
  }

  #release(): void {
    this.#cancelDeadline?.();
    this.#run?.letGo();
    this.#run = undefined;
  }

  #request(run: AgentRun, effect: Exclude<Effect, EffectOf<'start' | 'stop' | 'release' | 'turn-over'>>): void {
    switch (effect.type) {
      case 'prompt': {
        const { turnId, input } = effect.event;
        this.#holdFor(run, turnId);
        return run.ask(
          (session) => session.prompt({ turnId, input }),
          (error) => void run.tell({ type: 'turn.ended', turnId, outcome: 'failed', error }),
        );
      }
      case 'steer':
        return run.ask(
          (session) => session.steer?.(effect.event.input) ?? rejectMissing('steering'),
          (failure) => run.complain('What you added did not reach the agent', failure),
        );
      case 'interrupt':
        return this.#interrupt(run, effect.event.turnId);
      case 'configure':
        return configure(run, effect);
      case 'answer-approval':
        return run.ask(
          (session) => session.answerApproval?.(effect.event) ?? rejectMissing('approvals'),
          (failure) => run.complain('The answer did not reach the agent', failure),
        );
      case 'answer-question':
        return run.ask(
          (session) => session.answerQuestion?.(effect.event) ?? rejectMissing('questions'),
          (failure) => run.complain('The answer did not reach the agent', failure),
        );
    }
  }

  // Whatever is asked after the prompt, an interrupt for example, stays behind it.
  #holdFor(run: AgentRun, turnId: TurnId): void {
    const { beforeTurn, clock, onFault } = this.#options;
    if (beforeTurn === undefined) return;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancel = clock.after(HOLD_MS, resolve);
    run.hold(Promise.race([beforeTurn(turnId).catch(onFault), late]).finally(cancel));
  }

  #interrupt(run: AgentRun, turnId: TurnId): void {
    const { clock, interruptTimeoutMs, restart } = this.#options;
    this.#cancelDeadline?.();
    this.#cancelDeadline = clock.after(interruptTimeoutMs, () => {
      run.complain('The agent did not stop in time', { message: 'its process is ended' });
      restart(turnId);
    });
    run.ask(
      (session) => session.interrupt?.() ?? rejectMissing('interrupt'),
      () => restart(turnId),
    );
  }
}

// A change that the agent refuses is taken back in the log.
function configure(run: AgentRun, { event, before }: EffectOf<'configure'>): void {
  const { model, mode, effort } = event;
  run.ask(
    (session) => session.configure?.({ model, mode, effort }),
    (failure) => {
      run.complain('The change was refused', failure);
      const back = {
        ...(model === undefined ? {} : { model: before.model }),
        ...(mode === undefined ? {} : { mode: before.mode }),
        ...(effort === undefined ? {} : { effort: before.effort }),
      };
      void run.tell({ type: 'session.configured', ...back, by: 'agent' });
    },
  );
}

function rejectMissing(what: string): Promise<never> {
  return Promise.reject(new AppError('capability-missing', `This agent has no ${what}`));
}
