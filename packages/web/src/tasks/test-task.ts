import { createId, type TaskView } from '@baton/protocol';

/** A task of tests: queued but for what is given. */
export function toTestTask(part: Partial<TaskView> = {}): TaskView {
  return {
    id: createId('task'),
    title: 'A task',
    prompt: 'Do it',
    backend: 'worker',
    cwd: '/home/ada/atlas',
    priority: 0,
    after: [],
    retries: 0,
    state: 'queued',
    attempts: 0,
    createdAt: '2026-11-01T10:00:00.000Z',
    ...part,
  };
}
