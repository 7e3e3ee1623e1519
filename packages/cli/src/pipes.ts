const { stdout, stderr } = process;
const FLUSH_MS = 2_000;

/** A reader that goes away (`baton ls | head -1`) ends the program quietly instead of with a stack trace. */
export function survivePipes(): void {
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
  }
}

/** Resolves when everything printed is handed over, or when the reader takes too long. */
export async function finishOutput(): Promise<void> {
  const written = [stdout, stderr].map((stream) => new Promise<void>((resolve) => stream.write('', () => resolve())));
  const patience = new Promise<void>((resolve) => setTimeout(resolve, FLUSH_MS).unref());
  await Promise.race([Promise.all(written), patience]);
}
