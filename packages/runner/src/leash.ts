import { type ChildProcess, spawn } from 'node:child_process';

// `read` ends when the last who could write has gone, and this process alone can: nothing it starts inherits the pipe.
const KEEPER = `# Ends what Baton's agents run when Baton itself has ended.
held=' '
while read -r word pid; do
  case $word$held in
    hold*) held="$held$pid " ;;
    free*" $pid "*) held="\${held%% $pid *} \${held#* $pid }" ;;
  esac
done
for pid in $held; do kill -KILL "-$pid"; done`;

/** One that is killed is replaced; a shell that cannot run is not tried for ever. */
const MOST_STARTS = 20;

/** Another process that kills all groups of processes it holds when this one has ended, however that ended. */
class Leash {
  readonly #held = new Set<number>();
  #keeper: ChildProcess | undefined;
  #starts = 0;

  hold(pid: number): void {
    this.#held.add(pid);
    if (this.#keeper === undefined) this.#start();
    else this.#tell('hold', pid);
  }

  free(pid: number): void {
    if (this.#held.delete(pid)) this.#tell('free', pid);
  }

  #start(): void {
    if (this.#starts === MOST_STARTS) return;
    this.#starts += 1;
    // A session of its own, so that what ends this process from a terminal does not end it first.
    const keeper: ChildProcess = spawn('/bin/sh', ['-c', KEEPER], {
      cwd: '/',
      env: {},
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#keeper = keeper;
    keeper.unref();
    // None where it could not be started, as without a free descriptor.
    const { stdin } = keeper;
    if (stdin != null && 'unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
    // It is told again by the one that takes its place.
    stdin?.on('error', () => undefined);
    keeper.once('error', () => this.#lose(keeper));
    keeper.once('exit', () => {
      this.#lose(keeper);
      if (this.#keeper === undefined && this.#held.size > 0) this.#start();
    });
    for (const pid of this.#held) this.#tell('hold', pid);
  }

  // Without one the next that is held is a reason to try again.
  #lose(keeper: ChildProcess): void {
    if (this.#keeper === keeper) this.#keeper = undefined;
  }

  #tell(word: 'hold' | 'free', pid: number): void {
    this.#keeper?.stdin?.write(`${word} ${pid}\n`);
  }
}

const leash = new Leash();

/**
 * Has the process and its group killed when this process has ended, however that ended; call what it returns when nothing of
 * the group is left. The process leads its group. Does nothing on Windows.
 */
export function holdOnLeash(pid: number): () => void {
  if (process.platform === 'win32') return () => undefined;
  leash.hold(pid);
  return () => leash.free(pid);
}
