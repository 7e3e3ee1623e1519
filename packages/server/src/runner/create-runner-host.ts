import type { AgentHost, Casualty, Clock, Survivor } from '@baton/core';
import type { ServerStatus, SessionId } from '@baton/protocol';
import { endMarked, endOrphans, toServerMarker } from '@baton/runner';
import type { Log } from '../log/log.ts';
import { RemoteLink } from './remote-link.ts';
import { type RunnerConnection, connectRunner } from './runner-connection.ts';
import { readRunnerFiles, type RunnerFile } from './runner-files.ts';
import { toFingerprint } from './runner-settings.ts';
import { type RunnerOrder, startRunner } from './start-runner.ts';
import { toOwnMarker } from './to-runner-marker.ts';
import { clearRunner, closeRunner } from './end-runners.ts';
import type { RunNotes } from './heard-notes.ts';
import { kill } from './wait-for-exit.ts';

const PROVEN_MS = 5000;

export interface RunnerHostOptions extends RunnerOrder {
  clock: Clock;
  log: Log;
  /** Default: starts the program. */
  start?(order: RunnerOrder): Promise<RunnerFile>;
}

/** What there is of runners now. */
export interface RunnersNow {
  state: NonNullable<ServerStatus['runner']>['state'];
  current?: { pid: number; agents: number };
  earlier: { pid: number; agents: number }[];
}

export interface RunnerHost extends AgentHost {
  readRunners(): RunnersNow;
}

/** Runs agents in a process of their own, which goes on without this one. */
export function createRunnerHost(options: RunnerHostOptions): RunnerHost {
  return new RemoteHost(options);
}

class RemoteHost implements RunnerHost {
  readonly #options: RunnerHostOptions;
  readonly #fingerprint: string;
  readonly #runners = new Set<RunnerConnection>();
  /** Agents that nobody has taken up yet. */
  readonly #survivors = new Map<SessionId, { survivor: Survivor; runner: RunnerConnection }>();
  /** Of agents that no runner holds any more, the last of each session. */
  readonly #casualties = new Map<SessionId, Casualty>();
  /** New agents start here. */
  #current: RunnerConnection | undefined;
  #starting: Promise<RunnerConnection> | undefined;
  #isClosing = false;
  /** What earlier servers left is known, and ended where it has to be; nothing is started before. */
  #opening: Promise<void> | undefined;

  constructor(options: RunnerHostOptions) {
    this.#options = options;
    this.#fingerprint = toFingerprint(options.settings, options.program);
  }

  open(): Promise<void> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<void> {
    const { dataDir } = this.#options.settings;
    const found = await Promise.all(readRunnerFiles(dataDir).map((file) => this.#find(file)));
    const runners = found.filter((runner) => runner !== undefined);
    for (const runner of runners) this.#learn(runner);
    // What the last server started itself ended with nobody; the rest only where no runner holds it.
    if (runners.length > 0) await endMarked({ marker: { server: toOwnMarker(dataDir) } });
    else await endOrphans({ server: toServerMarker(dataDir) });
    const fitting = runners.find(({ file }) => file.fingerprint === this.#fingerprint);
    // One that went meanwhile is nobody's.
    if (fitting !== undefined && this.#runners.has(fitting)) this.#current = fitting;
    // Whoever needs it waits for it, and is told what went wrong.
    else this.#begin().catch(() => undefined);
  }

  // Of two runs of one session the later one counts: the word that the first is over did not reach its runner.
  #learn(runner: RunnerConnection): void {
    for (const survivor of runner.survivors) {
      const held = this.#survivors.get(survivor.sessionId);
      const isLater = held === undefined || held.survivor.startedAfter < survivor.startedAfter;
      if (isLater) this.#survivors.set(survivor.sessionId, { survivor, runner });
      const over = isLater ? held : { survivor, runner };
      if (over !== undefined) void over.runner.abandon(over.survivor.run);
    }
  }

  link(session: Parameters<AgentHost['link']>[0]) {
    const { clock, log } = this.#options;
    return new RemoteLink({
      ...{ session, clock },
      current: async () => {
        await this.#opening;
        return this.#current ?? (await (this.#starting ?? this.#begin()));
      },
      holderOf: ({ sessionId }) => {
        const held = this.#survivors.get(sessionId);
        this.#survivors.delete(sessionId);
        return held?.runner;
      },
      onForgotten: (runner) => this.#retire(runner),
      onFault: (error) => log.error({ err: error }, 'The runner met a fault'),
    });
  }

  survivor(sessionId: SessionId): Survivor | undefined {
    return this.#survivors.get(sessionId)?.survivor;
  }

  casualty(sessionId: SessionId): Casualty | undefined {
    return this.#casualties.get(sessionId);
  }

  async forsake(sessionId: SessionId): Promise<void> {
    const held = this.#survivors.get(sessionId);
    this.#survivors.delete(sessionId);
    await held?.runner.abandon(held.survivor.run);
  }

  readRunners(): RunnersNow {
    const current = this.#current;
    const toNow = ({ file, size }: RunnerConnection) => ({ pid: file.pid, agents: size });
    const earlier = [...this.#runners].filter((runner) => runner !== current).map(toNow);
    if (current === undefined) return { state: this.#starting === undefined ? 'down' : 'starting', earlier };
    return { state: current.isSilent ? 'silent' : 'ready', current: toNow(current), earlier };
  }

  async settle(): Promise<void> {
    await Promise.all([...this.#survivors.keys()].map((sessionId) => this.forsake(sessionId)));
    for (const runner of this.#runners) this.#retire(runner);
  }

  async close(how: 'end' | 'leave'): Promise<void> {
    this.#isClosing = true;
    await this.#opening?.catch(() => undefined);
    await this.#starting?.catch(() => undefined);
    if (how === 'leave') for (const runner of this.#runners) runner.leave();
    else await Promise.all([...this.#runners].map((runner) => this.#end(runner)));
  }

  // Undefined: it is not there, or cannot be talked to, and nothing of it is left.
  async #find(file: RunnerFile): Promise<RunnerConnection | undefined> {
    try {
      return await this.#connect(file);
    } catch (cause) {
      this.#options.log.warn({ err: cause, runner: file.pid }, 'A runner of an earlier server is ended');
      const notes = await this.#clear(file);
      for (const known of notes?.values() ?? []) this.#mourn(known);
      return undefined;
    }
  }

  #mourn({ start, heard }: RunNotes): void {
    if (start === undefined || heard === undefined) return;
    const { sessionId, startedBy } = start;
    const known = this.#casualties.get(sessionId);
    if (known === undefined || known.startedBy < startedBy) this.#casualties.set(sessionId, { startedBy, heard });
  }

  async #connect(file: RunnerFile): Promise<RunnerConnection> {
    const { clock } = this.#options;
    const runner = await connectRunner({ file, clock, onLost: (lost) => this.#lose(lost) });
    this.#runners.add(runner);
    return runner;
  }

  #begin(): Promise<RunnerConnection> {
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #start(): Promise<RunnerConnection> {
    try {
      const { start = startRunner } = this.#options;
      this.#current = await this.#connect(await start(this.#options));
      return this.#current;
    } catch (error) {
      this.#options.log.error({ err: error }, 'The runner did not start');
      throw error;
    }
  }

  async #lose(runner: RunnerConnection): Promise<ReadonlyMap<string, RunNotes> | undefined> {
    const { log, clock } = this.#options;
    const { file } = runner;
    log.error({ runner: file.pid, runs: runner.size }, 'The runner ended or hangs; what is left of it is ended');
    this.#runners.delete(runner);
    if (this.#current === runner) this.#current = undefined;
    // Where no marker can be read, it ends its agents itself.
    kill(file.pid, 'SIGTERM');
    const notes = await this.#clear(file, { isOwn: true });
    // One that ended at once would do so again; the next agent tries.
    const hadLived = clock.now() - Date.parse(file.startedAt) > PROVEN_MS;
    if (hadLived && !this.#isClosing && this.#current === undefined) this.#begin().catch(() => undefined);
    return notes;
  }

  // One that gets no new agents ends with its last.
  #retire(runner: RunnerConnection): void {
    if (runner === this.#current || runner.size > 0 || this.#isClosing || !this.#runners.has(runner)) return;
    const isAwaited = [...this.#survivors.values()].some((held) => held.runner === runner);
    if (!isAwaited) void this.#end(runner);
  }

  async #end(runner: RunnerConnection): Promise<void> {
    this.#runners.delete(runner);
    await closeRunner(runner);
    await this.#clear(runner.file);
  }

  #clear(file: RunnerFile, how?: { isOwn: boolean }): Promise<ReadonlyMap<string, RunNotes> | undefined> {
    const { settings, log } = this.#options;
    return clearRunner(settings.dataDir, file, how).catch((error: unknown) => {
      log.error({ err: error }, 'What a runner left could not be ended');
      return undefined;
    });
  }
}
