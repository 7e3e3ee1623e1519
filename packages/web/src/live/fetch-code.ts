/** What is known of the server, and how one looks whether it is there. */
export interface CodeLine {
  /** The page knows by itself that it is away; false also means that nothing is known. */
  isAway(): boolean;
  isUp(): Promise<boolean>;
  pause(): Promise<void>;
}

/**
 * Code that is fetched when it is wanted: a page, a dialog, a menu. While the server is away it waits until that answers, so
 * that a press at a bad moment ends in nothing worse. Rejects where the server answers and the code does not come: after an
 * upgrade there is none of that name any more, and a browser that has failed once may never ask again in the same page.
 */
export async function fetchCode<T>(load: () => Promise<T>, line: CodeLine = server): Promise<T> {
  if (line.isAway()) await untilUp(line);
  try {
    return await load();
  } catch {
    await untilUp(line);
    return load();
  }
}

async function untilUp(line: CodeLine): Promise<void> {
  while (!(await line.isUp())) await line.pause();
}

const PAUSE_MS = 1_000;

const server: CodeLine = {
  isAway: () => false,
  isUp: () =>
    fetch('/api/v1/health/live', { cache: 'no-store' }).then(
      () => true,
      () => false,
    ),
  pause: () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS)),
};

/** Tells how the page knows that the server is away; called with each new connection. */
export function watchServer(isAway: () => boolean): void {
  server.isAway = isAway;
}
