import { randomUUID } from 'node:crypto';
import {
  type AgentExit,
  type AgentLink,
  type Clock,
  type Effect,
  holdForTurn,
  type HostedSession,
  type Resumption,
  type RunMark,
  type Survivor,
  withoutSettings,
} from '@baton/core';
import { type AppError, type Failure, isAppError, type RecordedEvent, toAppError } from '@baton/protocol';
import type { RunListener, RunnerConnection, RunWord } from './runner-connection.ts';

const PART = 500;

export interface RemoteLinkOptions {
  session: HostedSession;
  /** The runner that new agents are started in; rejects when none comes up. */
  current(): Promise<RunnerConnection>;
  /** The runner that holds a survivor. */
  holderOf(survivor: Survivor): RunnerConnection | undefined;
  /** A runner has one run less. */
  onForgotten(runner: RunnerConnection): void;
  clock: Clock;
  onFault(error: unknown): void;
}

/** Over agents in a runner. What is asked goes out in order, each when what has to come before it is done. */
export class RemoteLink implements AgentLink {
  readonly #options: RemoteLinkOptions;
  #run: RemoteRun | undefined;

  constructor(options: RemoteLinkOptions) {
    this.#options = options;
  }

  get live(): boolean {
    return this.#run !== undefined;
  }

  perform(effect: Effect, seq: number): void {
    if (effect.type === 'start') {
      this.#run = new RemoteRun(this.#options, randomUUID());
      this.#run.start(seq);
      return;
    }
    this.#run?.perform(effect, seq);
    if (effect.type === 'release') this.#run = undefined;
  }

  adopt(survivor: Survivor, from: Resumption): void {
    const runner = this.#options.holderOf(survivor);
    if (runner === undefined) return;
    this.#run = new RemoteRun(this.#options, survivor.run);
    this.#run.adopt(runner, from);
  }

  recorded({ run, report }: RunMark): void {
    if (this.#run?.id === run) this.#run.recorded(report);
  }

  fail(failure: Failure): boolean {
    this.#run?.fail(failure);
    return this.live;
  }

  async abandon(): Promise<void> {
    const leaving = this.#run;
    this.#run = undefined;
    await leaving?.abandon();
  }

  leave(): Promise<void> {
    this.#run?.leave();
    this.#run = undefined;
    return Promise.resolve();
  }
}

class RemoteRun implements RunListener {
  readonly id: string;
  readonly #options: RemoteLinkOptions;
  #runner: RunnerConnection | undefined;
  /** What was asked so far has gone out when this resolves. */
  #sent: Promise<void> = Promise.resolve();
  #restore: Resumption['restore'] | undefined;
  #isOver = false;
  /** The event that last asked for a setting, by its field. */
  readonly #asked = new Map<string, number>();

  constructor(options: RemoteLinkOptions, id: string) {
    this.#options = options;
    this.id = id;
  }

  start(seq: number): void {
    this.#queue(async () => {
      const { session, current } = this.#options;
      const [runner, { history: _, ...description }] = await Promise.all([current(), session.describe()]);
      if (this.#isOver) return;
      this.#hold(runner);
      const { sessionId } = session;
      runner.send({ type: 'start', run: this.id, sessionId, seq, backend: session.backend(), description });
    });
  }

  adopt(runner: RunnerConnection, { after, restore }: Resumption): void {
    this.#restore = restore;
    this.#hold(runner);
    runner.send({ type: 'adopt', run: this.id, after });
  }

  perform(effect: Effect, seq: number): void {
    if (effect.type === 'configure') for (const field of Object.keys(effect.event)) this.#asked.set(field, seq);
    this.#queue(async () => {
      if (effect.type === 'prompt') return this.#prompt(effect, seq);
      this.#runner?.send({ type: 'perform', run: this.id, seq, effect });
      if (effect.type === 'release') this.letGo();
    });
  }

  async #prompt(effect: Extract<Effect, { type: 'prompt' }>, seq: number): Promise<void> {
    const { session, clock, onFault } = this.#options;
    const { turnId } = effect.event;
    await holdForTurn(session, turnId, { clock, onFault });
    this.#runner?.send({ type: 'perform', run: this.id, seq, effect });
  }

  recorded(number: number): void {
    this.#runner?.send({ type: 'recorded', run: this.id, number });
  }

  fail(failure: Failure): void {
    this.#queue(() => this.#runner?.send({ type: 'fail', run: this.id, failure }));
  }

  async abandon(): Promise<void> {
    this.#isOver = true;
    await this.#runner?.abandon(this.id);
    this.letGo();
  }

  /** The run is over. */
  letGo(): void {
    const runner = this.#runner;
    this.leave();
    if (runner !== undefined) this.#options.onForgotten(runner);
  }

  /** The run goes on, for the next server. */
  leave(): void {
    this.#isOver = true;
    this.#runner?.forget(this.id);
    this.#runner = undefined;
  }

  hear(word: RunWord): void {
    if (this.#isOver) return;
    const { session, onFault } = this.#options;
    switch (word.type) {
      case 'said': {
        const report = this.#toNews(word);
        const behind = report && session.report(report, { run: this.id, report: word.number });
        if (behind !== undefined) this.#pauseUntil(behind);
        return;
      }
      case 'restart':
        return session.restart(word.turnId);
      case 'drafts':
        this.#restore?.(word.drafts);
        this.#restore = undefined;
        return;
      case 'history':
        void this.#tellPast(word.call).catch(onFault);
    }
  }

  // What was asked since is ahead of the agent's word.
  #toNews({ report, askedUpTo = Number.POSITIVE_INFINITY }: Extract<RunWord, { type: 'said' }>) {
    if (report.type !== 'session.configured') return report;
    return withoutSettings(report, (field) => (this.#asked.get(field) ?? 0) > askedUpTo);
  }

  lost({ kind, message }: AppError, heard: AgentExit['heard']): void {
    if (this.#isOver) return;
    this.#runner = undefined;
    this.#exitWith({ kind, message }, heard);
  }

  #hold(runner: RunnerConnection): void {
    this.#runner = runner;
    runner.listen(this.id, this);
  }

  // One after the other; what fails is the end of the run, as for an agent that cannot be started.
  #queue(work: () => Promise<void> | void | undefined): void {
    this.#sent = this.#sent.then(async () => {
      if (this.#isOver) return;
      try {
        await work();
      } catch (error) {
        if (!isAppError(error)) this.#options.onFault(error);
        const { kind, message } = toAppError(error);
        // Without a runner it was given to nobody.
        this.#exitWith({ kind, message }, this.#runner === undefined ? null : undefined);
      }
    });
  }

  #exitWith(failure: Failure, heard: AgentExit['heard']): void {
    const exit = { type: 'agent.exited' as const, code: null, signal: null, expected: false, failure };
    void this.#options.session.report({ ...exit, heard });
  }

  #pauseUntil(behind: Promise<void>): void {
    const tell = (isPaused: boolean) => this.#runner?.send({ type: 'pause', run: this.id, isPaused });
    tell(true);
    void behind.then(() => tell(false));
  }

  async #tellPast(call: number): Promise<void> {
    const { history } = await this.#options.session.describe();
    const send = (events: RecordedEvent[], isLast: boolean) =>
      this.#runner?.send({ type: 'past', call, events, isLast });
    let part: RecordedEvent[] = [];
    for await (const recorded of history()) {
      part.push(recorded);
      if (part.length < PART) continue;
      send(part, false);
      part = [];
    }
    send(part, true);
  }
}
