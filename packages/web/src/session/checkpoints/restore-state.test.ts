import { createId, type CheckpointView } from '@baton/protocol';
import { expect, test } from 'vitest';
import { toCheckpointOfTurn, toRestoredWords } from './restore-state.ts';

const turnId = createId('turn');
const checkpoint = (part: Partial<CheckpointView>): CheckpointView => ({
  id: createId('checkpoint'),
  sessionId: createId('session'),
  title: 'A checkpoint',
  trigger: 'turn-ended',
  files: 1,
  createdAt: '2026-11-20T12:00:00.000Z',
  ...part,
});

test('the files of a turn are those at its end', () => {
  const before = checkpoint({ turnId, trigger: 'turn-started' });
  const after = checkpoint({ turnId });
  expect(toCheckpointOfTurn([before, after, checkpoint({})], turnId)).toBe(after);
  expect(toCheckpointOfTurn([before], turnId)).toBeUndefined();
});

test('a restore says where the state before is kept', () => {
  const saved = checkpoint({ title: 'Before going back' });
  expect(toRestoredWords({ savedAs: saved.id, files: 1 }, [saved])).toBe(
    '1 file was put back. The state before is kept as “Before going back”.',
  );
  expect(toRestoredWords({ savedAs: saved.id, files: 2 }, [])).toContain(saved.id);
});
