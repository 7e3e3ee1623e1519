import { expect, test } from 'vitest';
import { emptyTask, readTaskDraft } from './task-form-state.ts';

const whole = { ...emptyTask, prompt: 'Sum up the log\nin detail', backend: 'worker', folder: '/work/app' };

test('what is missing is told at its field', () => {
  const read = readTaskDraft({ ...emptyTask, schema: '{' });
  expect(read.ok ? [] : Object.keys(read.errors)).toEqual(['prompt', 'backend', 'folder', 'schema']);
});

test('a task has a title in any case, and carries only what was chosen', () => {
  expect(readTaskDraft(whole)).toEqual({
    ok: true,
    body: {
      title: 'Sum up the log',
      prompt: 'Sum up the log\nin detail',
      backend: 'worker',
      cwd: '/work/app',
      priority: 0,
      after: [],
      retries: 0,
    },
  });
  const read = readTaskDraft({ ...whole, title: ' T ', priority: 'high', retries: '2', schema: '{"type":"object"}' });
  expect(read).toMatchObject({ body: { title: 'T', priority: 10, retries: 2, schema: { type: 'object' } } });
});
