import type { SessionId, SessionView } from '@baton/protocol';

/** Which folders agents are at work in. */
export interface RunningTurns {
  hear(view: SessionView): void;
  forget(sessionId: SessionId): void;
  /** A session with a running turn in this folder, in one above it, or in one below it. */
  findIn(folder: string): SessionId | undefined;
}

export function createRunningTurns(): RunningTurns {
  const folders = new Map<SessionId, string>();
  return {
    hear({ id, cwd, turn }) {
      if (turn === undefined) folders.delete(id);
      else folders.set(id, cwd);
    },
    forget: (sessionId) => void folders.delete(sessionId),
    findIn(folder) {
      for (const [id, cwd] of folders) if (isWithin(cwd, folder) || isWithin(folder, cwd)) return id;
      return undefined;
    },
  };
}

// Real paths both; `/` and `\` for the sake of Windows.
function isWithin(path: string, folder: string): boolean {
  const base = folder.replace(/[\\/]$/, '');
  return path === folder || path.startsWith(`${base}/`) || path.startsWith(`${base}\\`);
}
