import { createEngine } from '@baton/core';
import { AppError, createId, foundSessionSchema } from '@baton/protocol';
import { createMemoryStore } from '@baton/store';
import { createManualClock, createScriptedBackend } from '@baton/testkit';
import { expect, test } from 'vitest';
import { resumeFound } from './resume-found.ts';

const AT = '2026-01-02T08:00:00.000Z';

function resumeIn(fault: AppError) {
  const { backend } = createScriptedBackend({ view: { capabilities: ['resume'] } });
  const resolveFolder = (path: string) => Promise.resolve(path);
  const engine = createEngine({
    ...{ store: createMemoryStore(), clock: createManualClock(), backends: () => [backend], resolveFolder },
  });
  const found = foundSessionSchema.parse({
    ...{ id: createId('found'), backend: 'scripted', nativeId: 'n', title: 'Paint the fence', cwd: '/gone' },
    ...{ createdAt: AT, updatedAt: AT, turns: 1, live: false },
  });
  const request = {
    ...{ found, fork: false, commandId: createId('command'), actor: { id: 'ada', name: 'Ada' } },
    read: () => Promise.reject(new Error('it is not read')),
  };
  return resumeFound(request, { engine, resolveFolder: () => Promise.reject(fault) });
}

test('a folder that is gone is said with what to do', async () => {
  const fault = new AppError('invalid-input', 'Cannot use the folder "/gone": it does not exist');
  await expect(resumeIn(fault)).rejects.toMatchObject({
    kind: 'invalid-input',
    message:
      'Cannot go on with "Paint the fence". Cannot use the folder "/gone": it does not exist. It works in that folder: put it back, or make it anew',
  });
});

test('a folder that is not allowed says so itself', async () => {
  const fault = new AppError('forbidden', 'Cannot use the folder "/opt": set BATON_ROOTS');
  await expect(resumeIn(fault)).rejects.toMatchObject({
    kind: 'forbidden',
    message: 'Cannot go on with "Paint the fence". Cannot use the folder "/opt": set BATON_ROOTS',
  });
});
