import type { CheckpointView, FileDiff } from '@baton/protocol';
import { formatCount } from '../figures.ts';

const TRIGGERS: Record<CheckpointView['trigger'], string> = {
  user: 'Saved by hand',
  'turn-started': 'Before a turn',
  'turn-ended': 'After a turn',
  restore: 'Before a restore',
  commit: 'At a commit',
  timer: 'From time to time',
};

/** Why a checkpoint was made. */
export function toTriggerWords(trigger: CheckpointView['trigger']): string {
  return TRIGGERS[trigger];
}

/** How many files differ from the checkpoint before. */
export function toFilesWords({ files, parent }: Pick<CheckpointView, 'files' | 'parent'>): string {
  if (parent === undefined) return formatCount(files, 'file');
  return files === 0 ? 'no change' : `${formatCount(files, 'file')} changed`;
}

/** What putting a file back does to it, given how it has changed since. */
export function toRestoreWords(change: FileDiff['change']): string {
  switch (change) {
    case 'added':
      return 'will be removed';
    case 'deleted':
      return 'comes back';
    case 'modified':
      return 'changes back';
    case 'renamed':
      return 'gets its old name back';
  }
}

/** How a file changed. */
export function toChangeWords(change: FileDiff['change']): string {
  switch (change) {
    case 'added':
      return 'new';
    case 'deleted':
      return 'deleted';
    case 'modified':
      return 'changed';
    case 'renamed':
      return 'renamed';
  }
}

/** The paths to ask for when only these files are to go back: a renamed one has two. */
export function toPaths(files: readonly FileDiff[]): string[] {
  return files.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from]));
}
