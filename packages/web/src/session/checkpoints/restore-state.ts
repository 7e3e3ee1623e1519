import type { CheckpointId, CheckpointView } from '@baton/protocol';

/** What a restore did; `savedAs` is the way back. */
export interface Restored {
  readonly savedAs: CheckpointId;
  readonly files: number;
}

/** What became of a restore, in a sentence; names the checkpoint that keeps the state before. */
export function toRestoredWords({ savedAs, files }: Restored, checkpoints: readonly CheckpointView[]): string {
  const what = files === 1 ? '1 file was put back.' : `${files} files were put back.`;
  const saved = checkpoints.find(({ id }) => id === savedAs);
  return `${what} The state before is kept as “${saved?.title ?? savedAs}”.`;
}

/** The checkpoint that holds the files as they were at the end of a turn. */
export function toCheckpointOfTurn(checkpoints: readonly CheckpointView[], turnId: string): CheckpointView | undefined {
  return checkpoints.findLast((each) => each.turnId === turnId && each.trigger === 'turn-ended');
}
