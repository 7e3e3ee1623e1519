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

/** Another process that kills all groups of processes it holds when this one has ended, however that ended. */
class Leash {
  readonly #held = new Set<number>();
  #keeper: ChildProcess | undefined;

  hold(pid: number): void {
    this.#held.add(pid);
    if (this.#keeper === undefined) this.#start();
    else this.#tell('hold', pid);
  }

  free(pid: number): void {
    if (this.#held.delete(pid)) this.#tell('free', pid);
  }

  #start(): void {
    // A session of its own, so that what ends this process from a terminal does not end it first.
    const keeper = spawn('/bin/sh', ['-c', KEEPER], {
      cwd: '/',
      env: {},
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#keeper = keeper;
    keeper.unref();
    const { stdin } = keeper;
    if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
    // It is told again by the one that takes its place.
    stdin.on('error', () => undefined);
    keeper.once('error', () => undefined);
    keeper.once('exit', () => {
      if (this.#keeper !== keeper) return;
      this.#keeper = undefined;
      if (this.#held.size > 0) this.#start();
    });
    for (const pid of this.#held) this.#tell('hold', pid);
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
