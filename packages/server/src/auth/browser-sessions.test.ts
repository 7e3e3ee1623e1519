import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createManualClock } from '@baton/testkit';
import { expect, test } from 'vitest';
import { openBrowserSessions } from './browser-sessions.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

test('a file that cannot be written keeps browsers signed in, and says why nobody new can sign in', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'baton-sessions-')), 'sessions.db');
  const clock = createManualClock();
  const sessions = openBrowserSessions(path, clock);
  const token = sessions.create();
  clock.advance(2 * DAY_MS);
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  expect(sessions.find(token)).toMatchObject({ renewed: false });
  expect(() => sessions.create()).toThrow(expect.objectContaining({ kind: 'store-unavailable' }));
  other.exec('ROLLBACK');
  other.close();
  expect(sessions.find(token)).toMatchObject({ renewed: true });
  sessions.close();
});
