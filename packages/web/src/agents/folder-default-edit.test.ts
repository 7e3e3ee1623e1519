import { AppError, type FolderDefault } from '@baton/protocol';
import { expect, test } from 'vitest';
import { putDefault, toDefaultRefusal } from './folder-default-edit.ts';

const one: FolderDefault = { folder: '/one', backend: 'claude' };
const two: FolderDefault = { folder: '/two', backend: 'codex' };

test('a default is added at the end, or stands in the place of the one it replaces', () => {
  expect(putDefault([one], two, undefined)).toEqual([one, two]);
  const changed: FolderDefault = { folder: '/one', backend: 'worker' };
  expect(putDefault([one, two], changed, undefined)).toEqual([changed, two]);
  const moved: FolderDefault = { folder: '/three', backend: 'worker' };
  expect(putDefault([one, two], moved, '/one')).toEqual([moved, two]);
  expect(putDefault([one, two], { ...moved, folder: '/two' }, '/one')).toEqual([{ ...moved, folder: '/two' }]);
});

test('a refusal stands at the folder when it is about that', () => {
  const issues = [{ path: 'items[0].folder', message: 'Give an absolute path' }];
  const refused = new AppError('invalid-input', 'The request is not valid', { issues });
  expect(toDefaultRefusal(refused)).toEqual({ folder: 'Give an absolute path' });
  expect(toDefaultRefusal(new AppError('server-unreachable', 'No answer'))).toEqual({ form: 'No answer' });
  expect(toDefaultRefusal(null)).toEqual({});
});
