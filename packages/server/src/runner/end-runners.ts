import { endMarked, readProcess } from '@baton/runner';
import { systemClock } from '../clock.ts';
import { readHeardNotes, type RunNotes } from './heard-notes.ts';
import { connectRunner, type RunnerConnection } from './runner-connection.ts';
import { readRunnerFiles, removeRunnerFile, type RunnerFile } from './runner-files.ts';
import { toRunnerMarker } from './to-runner-marker.ts';
import { waitForExit } from './wait-for-exit.ts';

/** A runner ends its agents within their bounds; one that does not end is ended with what it has. */
export const CLOSE_MS = 12_000;

/** Has a runner end its agents and itself; resolves when it is gone. */
export async function closeRunner(runner: RunnerConnection): Promise<void> {
  runner.send({ type: 'close' });
  runner.leave();
  await waitForExit(runner.file.pid, CLOSE_MS);
}

/**
 * Ends what a runner left, or the runner itself where it does not talk, and forgets it. Resolves with what its agents heard,
 * which nobody can add to any more; undefined when it did not write that down. `isOwn`: the process with its number is it.
 */
export async function clearRunner(
  dataDir: string,
  file: RunnerFile,
  { isOwn = false } = {},
): Promise<ReadonlyMap<string, RunNotes> | undefined> {
  await endMarked({ marker: { server: toRunnerMarker(dataDir, file.id) } });
  if (isOwn) await waitForExit(file.pid, CLOSE_MS);
  const notes = readHeardNotes(dataDir, file.id);
  removeRunnerFile(dataDir, file);
  return notes;
}

/** Ends every runner of a data folder with its agents, for a server that has left them and is told to stop. */
export async function endRunners(dataDir: string): Promise<void> {
  const ending = readRunnerFiles(dataDir).map(async (file) => {
    const runner = await connectRunner({ file, clock: systemClock, onLost: () => Promise.resolve(undefined) }).catch(
      () => null,
    );
    if (runner !== null) await closeRunner(runner);
    await clearRunner(dataDir, file);
  });
  await Promise.all(ending);
}

/** Whether agents of a data folder may be at work without a server. */
export async function hasRunner(dataDir: string): Promise<boolean> {
  const found = await Promise.all(readRunnerFiles(dataDir).map(({ pid }) => readProcess(pid)));
  return found.some((entry) => entry !== undefined);
}
