import { AppError, type Failure, isAppError, toAppError } from '@baton/protocol';
import type { HostedSession } from '../ports/agent-host.ts';
import type { AgentReport, AgentSession, Backend } from '../ports/backend.ts';
import { StreamCap } from './stream-cap.ts';

export interface AgentRunOptions {
  session: HostedSession;
  backend(id: string): Backend | undefined;
  onFault(error: unknown): void;
}

/**
 * One agent process, from its opening to its end. Its exit is the last thing it says, whoever noticed it first; after
 * `letGo` it says nothing at all. No method throws: what fails is reported.
 */
export class AgentRun {
  readonly #options: AgentRunOptions;
  #session: Promise<AgentSession>;
  #over = false;
  readonly #cap = new StreamCap();
  /** Why Baton ends it, in place of the reason it gives itself. */
  #cause: Failure | undefined;

  constructor(options: AgentRunOptions) {
    this.#options = options;
    this.#session = this.#open();
    this.#session.catch((error: unknown) => this.#exitWith(error));
  }

  tell(report: AgentReport): void | Promise<void> {
    if (this.#over) return undefined;
    // The end of the process ends the turn: nothing more is given to it meanwhile.
    if (this.#cause !== undefined && report.type === 'turn.ended') return undefined;
    if (report.type !== 'agent.exited') {
      const taken = this.#cap.take(report);
      return taken && this.#options.session.report(taken);
    }
    this.#over = true;
    const cause = this.#cause === undefined ? {} : { expected: false, failure: this.#cause };
    return this.#options.session.report({ ...report, ...cause });
  }

  /** Tells of what went wrong between Baton and the agent. */
  complain(what: string, { message }: { message: string }): void {
    void this.tell({ type: 'notice.raised', level: 'error', text: `${what}: ${message}` });
  }

  /** Runs a request on the agent; a refusal comes back unless the process has ended since. */
  ask(request: (session: AgentSession) => Promise<void> | undefined, onRefusal: (failure: Failure) => void): void {
    this.#session
      .then((session) => request(session))
      .catch((error: unknown) => {
        if (this.#over) return;
        if (!isAppError(error)) this.#options.onFault(error);
        onRefusal(toFailure(error));
      });
  }

  /** What is asked from now on waits for this, too; it must not reject. */
  hold(gate: Promise<unknown>): void {
    const session = this.#session;
    this.#session = gate.then(() => session);
    // Whoever asks hears of it; nobody may.
    this.#session.catch(() => undefined);
  }

  stop(how: { isRest: boolean } = { isRest: false }): void {
    this.#session
      .then((session) => session.stop(how))
      // A backend that forgot to say so would leave the session stopping for ever.
      .then(() => this.tell({ type: 'agent.exited', code: null, signal: null, expected: true }))
      .catch((error: unknown) => this.#exitWith(error));
  }

  /** Ends the process as one that failed, for this reason. */
  fail(failure: Failure): void {
    if (this.#cause !== undefined) return;
    this.#cause = failure;
    this.stop();
  }

  /** Ends the process without another word of it. */
  async abandon(): Promise<void> {
    this.letGo();
    await this.#session.then((session) => session.stop()).catch(this.#options.onFault);
  }

  letGo(): void {
    this.#over = true;
  }

  async #open(): Promise<AgentSession> {
    const { session } = this.#options;
    const backend = this.#options.backend(session.backend());
    if (backend === undefined) {
      const why = `its agent "${session.backend()}" is not among the agents any more. Add it again under this id`;
      throw new AppError('backend-not-installed', `Cannot start session "${session.sessionId}": ${why}.`);
    }
    return backend.open({ ...(await session.describe()), report: (report) => this.tell(report) });
  }

  #exitWith(error: unknown): void {
    if (this.#over) return;
    if (!isAppError(error)) this.#options.onFault(error);
    void this.tell({ type: 'agent.exited', code: null, signal: null, expected: false, failure: toFailure(error) });
  }
}

function toFailure(error: unknown): Failure {
  const fault = toAppError(error);
  return { kind: fault.kind, message: fault.message };
}
