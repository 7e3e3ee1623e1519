import { AppError, type Failure, type TurnId } from '@baton/protocol';
import type { AgentLink, Effect } from '../ports/agent-host.ts';
import { AgentRun, type AgentRunOptions } from './agent-run.ts';
import { holdForTurn } from './hold-for-turn.ts';

export interface AgentLinkOptions extends AgentRunOptions {
  interruptTimeoutMs: number;
}

type EffectOf<T extends Effect['type']> = Extract<Effect, { type: T }>;

/** Over agent processes of this process, which end with it. */
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
        return this.#run?.stop({ isRest: effect.isRest === true });
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

  // What runs in this process has outlived no other, and its reports have no numbers.
  adopt(): void {}
  recorded(): void {}

  leave(): Promise<void> {
    return this.abandon();
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
        return run.prompt({ turnId, input });
      }
      case 'steer':
        return run.ask(
          (session) => session.steer?.(effect.event.input) ?? rejectMissing('steering'),
          (failure) => run.complain('What you added did not reach the agent', failure),
        );
      case 'interrupt':
        return this.#interrupt(run, effect.event.turnId);
      case 'configure': {
        const { model, mode, effort } = effect.event;
        return run.configure({ model, mode, effort }, effect.before);
      }
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
    const gate = holdForTurn(this.#options.session, turnId, this.#options);
    if (gate !== undefined) run.hold(gate);
  }

  #interrupt(run: AgentRun, turnId: TurnId): void {
    const { clock, interruptTimeoutMs, session } = this.#options;
    this.#cancelDeadline?.();
    this.#cancelDeadline = clock.after(interruptTimeoutMs, () => {
      run.complain('The agent did not stop in time', { message: 'its process is ended' });
      session.restart(turnId);
    });
    run.ask(
      (agent) => agent.interrupt?.() ?? rejectMissing('interrupt'),
      () => session.restart(turnId),
    );
  }
}

function rejectMissing(what: string): Promise<never> {
  return Promise.reject(new AppError('capability-missing', `This agent has no ${what}`));
}
