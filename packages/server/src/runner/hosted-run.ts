import type { AgentDescription, AgentHost, AgentLink, AgentReport, Effect, Survivor } from '@baton/core';
import type { Failure, RecordedEvent, TurnId } from '@baton/protocol';
import type { HeardNotes } from './heard-notes.ts';
import { RunJournal } from './run-journal.ts';
import type { OrderOf, Word } from './runner-wire.ts';

export interface HostedRunOptions {
  host: AgentHost;
  /** See `RunnerServiceOptions`. */
  mostKept: number;
  start: OrderOf<'start'>;
  notes: HeardNotes;
  /** To the server that has taken the run up; to none while there is none. */
  send(word: Word): void;
  /** Resolves when the server has room for more; undefined when it has. */
  behind(): Promise<void> | undefined;
  history(): AsyncIterable<RecordedEvent>;
}

/** One run of an agent in the runner: it works, and keeps what it says until a log has it. */
export class HostedRun {
  readonly #options: HostedRunOptions;
  readonly #link: AgentLink;
  readonly #journal = new RunJournal();
  #askedUpTo: number;
  #isTaken = true;
  #isPaused = false;
  #isWorking = false;
  #isOver = false;
  #isAbandoned = false;
  #relief: PromiseWithResolvers<void> | undefined;

  constructor(options: HostedRunOptions) {
    const { host, start, notes, history } = options;
    this.#options = options;
    this.#askedUpTo = start.seq;
    const { run, sessionId, seq } = start;
    notes.begin(run, { sessionId, startedBy: seq });
    const description: AgentDescription = { ...start.description, history };
    this.#link = host.link({
      sessionId,
      backend: () => start.backend,
      describe: () => Promise.resolve(description),
      report: (report) => this.#hear(report),
      restart: (turnId) => this.#keep({ restart: turnId }),
      noteHeard: (turnId) => notes.note(run, turnId),
    });
    this.#link.perform({ type: 'start' }, seq);
  }

  get survivor(): Survivor {
    const { run, sessionId, seq } = this.#options.start;
    return {
      ...{ run, sessionId, startedAfter: seq, askedUpTo: this.#askedUpTo },
      takenDown: this.#journal.takenDown,
    };
  }

  /** The agent is there, and in no turn. */
  get isIdle(): boolean {
    return !this.#isWorking && !this.#isOver;
  }

  perform(effect: Effect, seq: number): void {
    this.#askedUpTo = seq;
    if (effect.type === 'prompt') this.#isWorking = true;
    this.#link.perform(effect, seq);
  }

  /** The server has gone: the agent works on, and what it says is kept. */
  orphan(): void {
    this.#isTaken = false;
    this.pause(false);
  }

  /** A server takes it up that has all up to this number. */
  adopt(after: number): void {
    const { start, send } = this.#options;
    const { drafts, said } = this.#journal.resume(after);
    this.#isTaken = true;
    send({ type: 'drafts', run: start.run, drafts });
    for (const each of said) send(toWord(start.run, each.number, each));
    this.#relieve();
  }

  recorded(number: number): void {
    this.#journal.recorded(number);
    this.#relieve();
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#relieve();
  }

  fail(failure: Failure): void {
    this.#link.fail(failure);
  }

  /** Ends the agent; that it ended is said as ever. */
  end(): void {
    this.#link.perform({ type: 'stop' }, this.#askedUpTo);
  }

  /** Nobody will take up what it says: it waits for nobody either. */
  abandon(): Promise<void> {
    this.#isAbandoned = true;
    this.#relieve();
    return this.#link.abandon();
  }

  #hear(report: AgentReport): void | Promise<void> {
    if (report.type === 'turn.started') this.#isWorking = true;
    if (report.type === 'turn.ended') this.#isWorking = false;
    if (report.type === 'agent.exited') this.#isOver = true;
    this.#keep({ report });
    if (!this.#mustWait) return this.#isTaken ? this.#options.behind() : undefined;
    this.#relief ??= Promise.withResolvers<void>();
    return this.#relief.promise;
  }

  #keep(what: { report: AgentReport } | { restart: TurnId }): void {
    const { start, send } = this.#options;
    const number = this.#journal.add(what);
    if (!this.#isTaken) return;
    // Whoever asked for a setting meanwhile knows by it that this is of before.
    const isSetting = 'report' in what && what.report.type === 'session.configured';
    send({ ...toWord(start.run, number, what), ...(isSetting ? { askedUpTo: this.#askedUpTo } : {}) });
  }

  get #mustWait(): boolean {
    if (this.#isAbandoned) return false;
    // With a server the text of one item may grow as long as it likes: nothing is taken down until it ends.
    return this.#isPaused || (!this.#isTaken && this.#journal.size > this.#options.mostKept);
  }

  #relieve(): void {
    if (this.#mustWait) return;
    this.#relief?.resolve();
    this.#relief = undefined;
  }
}

function toWord(run: string, number: number, said: { report: AgentReport } | { restart: TurnId }): Word {
  if ('restart' in said) return { type: 'restart', run, number, turnId: said.restart };
  return { type: 'said', run, number, report: said.report };
}
