import type { ErrorKind } from '@baton/protocol';

/** What the exit code of every command means. Scripts depend on it: a number never changes its meaning. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  interrupted: 3,
  needsAnswer: 4,
  unreachable: 5,
  /** Left with Ctrl+C while the session went on. */
  detached: 130,
} as const;

export function toExitCode(kind: ErrorKind): number {
  switch (kind) {
    case 'server-unreachable':
    case 'unauthenticated':
      return EXIT.unreachable;
    case 'invalid-input':
      return EXIT.usage;
    default:
      return EXIT.failed;
  }
}
