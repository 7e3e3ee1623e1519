import type { AgentHost, Clock, Survivor } from '@baton/core';
import type { SessionId } from '@baton/protocol';
import { endMarked, endOrphans, toServerMarker } from '@baton/runner';
import type { Log } from '../log/log.ts';
import { RemoteLink } from './remote-link.ts';
import { type RunnerConnection, connectRunner } from './runner-connection.ts';
import { readRunnerFiles, removeRunnerFile, type RunnerFile } from './runner-files.ts';
import { toFingerprint } from './runner-settings.ts';
import { type RunnerOrder, startRunner } from './start-runner.ts';
import { toOwnMarker, toRunnerMarker } from './to-runner-marker.ts';
import { waitForExit } from './wait-for-exit.ts';

/** A runner ends its agents within their bounds; one that does not end is ended with what it has. */
const CLOSE_MS = 12_000;
const PROVEN_MS = 5000;

export interface RunnerHostOptions extends RunnerOrder {
  clock: Clock;
  log: Log;
}

/** Runs agents in a process of their own, which goes on without this one. */
export function createRunnerHost(options: RunnerHostOptions): AgentHost {
  return new RunnerHost(options);
}

class RunnerHost implements AgentHost {
  readonly #options: RunnerHostOptions;
  readonly #fingerprint: string;
  readonly #runners = new Set<RunnerConnection>();
  /** Agents that nobody has taken up yet. */
  readonly #survivors = new Map<SessionId, { survivor: Survivor; runner: RunnerConnection }>();
  /** New agents start here. */
  #current: RunnerConnection | undefined;
  #starting: Promise<RunnerConnection> | undefined;
  #isClosing = false;

  constructor(options: RunnerHostOptions) {
    this.#options = options;
    this.#fingerprint = toFingerprint(options.settings, options.program);
  }

  async open(): Promise<void> {
    const { dataDir } = this.#options.settings;
    const found = await Promise.all(readRunnerFiles(dataDir).map((file) => this.#find(file)));
    const runners = found.filter((runner) => runner !== undefined);
    for (const runner of runners) {
      for (const survivor of runner.survivors) this.#survivors.set(survivor.sessionId, { survivor, runner });
    }
    // What the last server started itself ended with nobody; the rest only where no runner holds it.
    if (runners.length > 0) await endMarked({ marker: { server: toOwnMarker(dataDir) } });
    else await endOrphans({ server: toServerMarker(dataDir) });
    this.#current = runners.find(({ file }) => file.fingerprint === this.#fingerprint);
    // Whoever needs it waits for it, and is told what went wrong.
    if (this.#current === undefined) this.#begin().catch(() => undefined);
  }

  link(session: Parameters<AgentHost['link']>[0]) {
    const { clock, log } = this.#options;
    return new RemoteLink({
      ...{ session, clock },
      current: async () => this.#current ?? (await (this.#starting ?? this.#begin())),
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

  async settle(): Promise<void> {
    const left = [...this.#survivors.values()];
    this.#survivors.clear();
    await Promise.all(left.map(({ survivor, runner }) => runner.abandon(survivor.run)));
    for (const runner of this.#runners) this.#retire(runner);
  }

  async close(how: 'end' | 'leave'): Promise<void> {
    this.#isClosing = true;
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
      await this.#clear(file);
      return undefined;
    }
  }

  async #connect(file: RunnerFile): Promise<RunnerConnection> {
    const runner = await connectRunner({ file, onLost: (lost) => this.#lose(lost) });
    this.#runners.add(runner);
    return runner;
  }

  #begin(): Promise<RunnerConnection> {
    this.#starting = this.#start().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #start(): Promise<RunnerConnection> {
    try {
      this.#current = await this.#connect(await startRunner(this.#options));
      return this.#current;
    } catch (error) {
      this.#options.log.error({ err: error }, 'The runner did not start');
      throw error;
    }
  }

  async #lose(runner: RunnerConnection): Promise<void> {
    const { log, clock } = this.#options;
    log.error({ runner: runner.file.pid, runs: runner.size }, 'The runner ended; what it left is ended');
    this.#runners.delete(runner);
    if (this.#current === runner) this.#current = undefined;
    await this.#clear(runner.file);
    // One that ended at once would do so again; the next agent tries.
    const hadLived = clock.now() - Date.parse(runner.file.startedAt) > PROVEN_MS;
    if (hadLived && !this.#isClosing) await (this.#starting ?? this.#begin()).catch(() => undefined);
  }

  // One that gets no new agents ends with its last.
  #retire(runner: RunnerConnection): void {
    if (runner === this.#current || runner.size > 0 || this.#isClosing || !this.#runners.has(runner)) return;
    const isAwaited = [...this.#survivors.values()].some((held) => held.runner === runner);
    if (!isAwaited) void this.#end(runner);
  }

  async #end(runner: RunnerConnection): Promise<void> {
    this.#runners.delete(runner);
    runner.send({ type: 'close' });
    runner.leave();
    await waitForExit(runner.file.pid, CLOSE_MS);
    await this.#clear(runner.file);
  }

  async #clear(file: RunnerFile): Promise<void> {
    const { dataDir } = this.#options.settings;
    await endMarked({ marker: { server: toRunnerMarker(dataDir, file.id) } });
    removeRunnerFile(dataDir, file);
  }
}
