import { AppError, type Failure, isAppError, toAppError, type TurnId } from '@baton/protocol';
import type { HostedSession } from '../ports/agent-host.ts';
import type { AgentExit, AgentReport, AgentSession, Backend, Change, Prompt } from '../ports/backend.ts';
import type { Clock } from '../ports/clock.ts';
import { AgentSettings } from './agent-settings.ts';
import { StreamCap } from './stream-cap.ts';

/** How long the end of a process that takes no prompt any more may take to be told. */
const END_MS = 30_000;

export interface AgentRunOptions {
  clock: Clock;
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
  readonly #settings = new AgentSettings();
  /** Why Baton ends it, in place of the reason it gives itself. */
  #cause: Failure | undefined;
  #opened: AgentSession | undefined;
  #hasStarted = false;
  #isEnding = false;
  /** The turn of the last prompt that it was given. */
  #asked: TurnId | null = null;

  constructor(options: AgentRunOptions) {
    this.#options = options;
    this.#session = this.#open();
    this.#session.catch((error: unknown) => this.#exitWith(error));
  }

  tell(report: AgentReport): void | Promise<void> {
    if (this.#over) return undefined;
    // The end of the process ends the turn: nothing more is given to it meanwhile.
    if (this.#cause !== undefined && report.type === 'turn.ended') return undefined;
    if (report.type === 'agent.started') this.#hasStarted = true;
    if (report.type !== 'agent.exited') {
      const news = report.type === 'session.configured' ? this.#settings.hear(report) : this.#cap.take(report);
      return news && this.#options.session.report(news);
    }
    this.#over = true;
    const cause = this.#cause === undefined ? {} : { expected: false, failure: this.#cause };
    return this.#options.session.report({ ...report, ...cause, ...this.#toHeard(report) });
  }

  // Of one that does not come up by itself its user hears with the turn that they asked for.
  #toHeard({ signal }: AgentExit): Pick<AgentExit, 'heard'> {
    if (!this.#hasStarted && signal === null) return {};
    return { heard: this.#asked !== null && this.#opened?.held?.unheard === this.#asked ? null : this.#asked };
  }

  /** Gives it a prompt. One that it does not take ends its turn, unless the process is about to end. */
  prompt(prompt: Prompt): void {
    const { turnId } = prompt;
    const refuse = (error: Failure) => void this.tell({ type: 'turn.ended', turnId, outcome: 'failed', error });
    this.ask(
      (session) => {
        this.#asked = turnId;
        if (session.held === undefined) this.#options.session.noteHeard?.(turnId);
        return session.prompt(prompt);
      },
      (failure) => {
        const isAboutToEnd = this.#isEnding || this.#opened?.held?.unheard === turnId;
        if (!isAboutToEnd) return refuse(failure);
        // Its end tells what becomes of the turn.
        this.#options.clock.after(END_MS, () => refuse(failure));
      },
    );
  }

  /** Has it take other settings. What it does not take is taken back in the log; `before` is what stood there. */
  configure(change: Change, before: Change): void {
    this.#settings.ask(change, before);
    this.ask(
      async (session) => {
        await session.configure?.(change);
        this.#settings.taken(change);
      },
      (failure) => {
        const back = this.#settings.refused(change);
        this.complain('The change was refused', failure);
        void this.tell({ type: 'session.configured', ...back, by: 'agent' });
      },
    );
  }

  /** Tells of what went wrong between Baton and the agent. */
  complain(what: string, { message }: { message: string }): void {
    void this.tell({ type: 'notice.raised', level: 'error', text: `${what}: ${message}` });
  }

  /** Runs a request on the agent; a refusal comes back unless the process has ended since. */
  ask(request: (session: AgentSession) => Promise<void> | undefined, onRefusal: (failure: Failure) => void): void {
    this.#session
      // What has ended is asked nothing: its last word told what it had heard.
      .then((session) => (this.#over ? undefined : request(session)))
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
    this.#isEnding = true;
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
    const { noteHeard } = session;
    this.#opened = backend.open({ ...(await session.describe()), noteHeard, report: (report) => this.tell(report) });
    return this.#opened;
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
