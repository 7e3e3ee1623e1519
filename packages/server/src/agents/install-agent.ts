import { mkdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AppError,
  toAppError,
  toDiskFault,
  toDiskFaultSaid,
  type AgentInstall,
  type BackendView,
} from '@baton/protocol';
import { type AgentProcess, findProgram, type ProcessExit, startProcess, toEnvironment } from '@baton/runner';
import type { AgentHome } from './agent-home.ts';
import type { KnownAgent } from './known-agent.ts';
import { toNpmReason } from './npm-reason.ts';
import { createRecentLines, type RecentLines } from './recent-lines.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface InstallOrder {
  known: KnownAgent;
  home: AgentHome;
  version: 'tested' | 'latest';
  env: Env;
  serverMarker: string;
  /** Looks for the agent anew, when all is in its place. */
  probe(): Promise<BackendView>;
}

/** One run of npm. */
export interface Installation {
  read(after: number): AgentInstall;
  /** Called at every line and at the end, until the returned function is called. */
  watch(listener: () => void): () => void;
  /** Ends npm and all it started; what was there before works on. Idempotent. */
  cancel(): Promise<void>;
  readonly ended: Promise<void>;
}

const KEPT_LINES = 400;
const MOST_MS = 15 * 60_000;

/** Installs into a folder beside the one in use and swaps them when npm is done: an agent that worked is never left half installed. */
export function startInstallation(order: InstallOrder): Installation {
  const { npm } = order.known;
  if (npm === undefined) throw new AppError('capability-missing', `${order.known.title} does not come from npm`);
  const run = new Run(`${npm.package}@${order.version === 'latest' ? 'latest' : (npm.tested ?? 'latest')}`, order);
  return run;
}

class Run implements Installation {
  readonly ended: Promise<void>;
  readonly #package: string;
  readonly #order: InstallOrder;
  readonly #lines: RecentLines = createRecentLines(KEPT_LINES);
  readonly #listeners = new Set<() => void>();
  #state: AgentInstall['state'] = 'running';
  #failure: string | undefined;
  #process: AgentProcess | undefined;
  #isCancelled = false;

  constructor(name: string, order: InstallOrder) {
    this.#package = name;
    this.#order = order;
    this.ended = this.#run();
  }

  read(after: number): AgentInstall {
    const failure = this.#failure === undefined ? {} : { failure: this.#failure };
    const { seq } = this.#lines;
    const lines = this.#lines.since(after);
    return { backend: this.#order.known.id, state: this.#state, package: this.#package, lines, seq, ...failure };
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async cancel(): Promise<void> {
    if (this.#state !== 'running') return;
    this.#isCancelled = true;
    await this.#process?.stop();
    await this.ended;
  }

  async #run(): Promise<void> {
    const { home } = this.#order;
    const late = setTimeout(() => this.#giveUp(), MOST_MS).unref();
    try {
      await this.#install();
      this.#end('succeeded');
    } catch (cause) {
      this.#end(this.#isCancelled ? 'cancelled' : 'failed', toAppError(cause).message);
    } finally {
      clearTimeout(late);
      await rm(home.next, { recursive: true, force: true }).catch(() => undefined);
    }
  }

  async #install(): Promise<void> {
    const { home, known, probe } = this.#order;
    await prepare(home, known).catch((cause: unknown) => {
      throw toDiskFault(`Cannot prepare the folder "${home.next}"`, cause);
    });
    await this.#npm(['install', this.#package, '--ignore-scripts', '--save-exact']);
    if (known.npm?.needsScript === true) await this.#npm(['rebuild', known.npm.package, '--foreground-scripts']);
    await putInPlace(home, known.program);
    const view = await probe();
    if (!view.installed || view.path?.startsWith(home.folder) !== true) {
      await takeBack(home);
      await probe();
      const why = view.installed ? `another one is found first, at ${view.path}` : (view.problem ?? 'it is not found');
      throw new AppError('backend-not-installed', `npm is done, and ${known.title} does not work: ${why}`);
    }
    await rm(toOld(home), { recursive: true, force: true });
    this.#say(`${known.title} ${view.version ?? ''} is at ${view.path}`);
  }

  async #npm(args: readonly string[]): Promise<void> {
    if (this.#isCancelled) throw new AppError('conflict', 'The installation was cancelled');
    const { env, home, serverMarker, known } = this.#order;
    const npm = await findProgram({ name: 'npm', env });
    if (!npm.found) {
      throw new AppError('backend-not-installed', `npm was not found (looked in ${npm.lookedIn}). Install Node.js`);
    }
    this.#say(`npm ${args.join(' ')}`);
    const exit = Promise.withResolvers<ProcessExit>();
    this.#process = await startProcess({
      command: npm.path,
      args: [...args, ...FLAGS, '--prefix', home.next],
      cwd: home.next,
      env: toEnvironment({ from: env, allow: ['npm_config_*', 'NPM_CONFIG_*'] }),
      marker: { session: `install-${known.id}`, server: serverMarker },
      onLine: (line) => this.#say(line),
      onOverlongLine: () => undefined,
      onStderrLine: (line) => this.#say(line),
      onExit: exit.resolve,
    });
    this.#process.closeInput();
    // Between the look at the flag and here it may have been cancelled.
    if (this.#isCancelled) await this.#process.stop();
    const { code, signal } = await exit.promise;
    if (code === 0) return;
    const how = this.#isCancelled ? 'was cancelled' : `ended with ${signal ?? `code ${code}`}`;
    const what = `npm ${args[0]} ${how}`;
    const lines = this.#lines.since(0);
    const full = toDiskFaultSaid(what, lines.join('\n'));
    throw full ?? new AppError('backend-not-installed', `${what}${toNpmReason(lines)}`);
  }

  #giveUp(): void {
    this.#say(`Given up after ${MOST_MS / 60_000} minutes`);
    void this.#process?.stop();
  }

  #say(line: string): void {
    this.#lines.push(line);
    this.#tell();
  }

  #end(state: AgentInstall['state'], failure?: string): void {
    this.#state = state;
    this.#failure = failure;
    this.#process = undefined;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

const FLAGS = ['--no-audit', '--no-fund', '--no-update-notifier', '--no-progress', '--loglevel', 'http'];

async function prepare(home: AgentHome, known: KnownAgent): Promise<void> {
  await rm(home.next, { recursive: true, force: true });
  await mkdir(home.next, { recursive: true, mode: 0o700 });
  // Its own root, so that npm does not look for one further up; the script that may run is named, and no other.
  const allowed = known.npm?.needsScript === true ? { allowScripts: { [known.npm.package]: true } } : {};
  const manifest = { name: `baton-agent-${known.id}`, private: true, ...allowed };
  await writeFile(join(home.next, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

async function putInPlace(home: AgentHome, program: string): Promise<void> {
  await rm(toOld(home), { recursive: true, force: true });
  await rename(home.current, toOld(home)).catch(ignoreMissing);
  await rename(home.next, home.current);
  if (process.platform === 'win32' || program === '') return;
  await mkdir(home.bin, { recursive: true, mode: 0o700 });
  const link = join(home.bin, program);
  const target = join('..', 'current', 'node_modules', '.bin', program);
  if ((await readlink(link).catch(() => undefined)) === target) return;
  await rm(link, { force: true });
  await symlink(target, link);
}

// What worked before works again.
async function takeBack(home: AgentHome): Promise<void> {
  await rm(home.current, { recursive: true, force: true });
  await rename(toOld(home), home.current).catch(ignoreMissing);
}

function toOld(home: AgentHome): string {
  return `${home.current}.old`;
}

function ignoreMissing(cause: unknown): void {
  if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
}
