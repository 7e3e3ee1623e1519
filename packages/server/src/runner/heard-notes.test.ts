import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createId } from '@baton/protocol';
import { expect, onTestFinished, test } from 'vitest';
import { createHeardNotes, readHeardNotes } from './heard-notes.ts';
import { toHeardFolder } from './runner-files.ts';

const ID = '0123456789abcdef';
const start = { sessionId: createId('session'), startedBy: 7 };
const turnId = createId('turn');

function setUp() {
  const dataDir = mkdtempSync(join(tmpdir(), 'baton-heard-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const heard = (run: string) => readHeardNotes(dataDir, ID)?.get(run)?.heard;
  const spoil = (run: string, text: string) => appendFileSync(join(toHeardFolder(dataDir, ID), run), text);
  return { dataDir, heard, spoil };
}

test('the last prompt that an agent may have heard is known after its runner', () => {
  const { dataDir, heard } = setUp();
  const notes = createHeardNotes(dataDir, ID);
  notes.begin('one', start);
  expect(heard('one')).toBeNull();
  notes.note('one', createId('turn'));
  notes.note('one', turnId);
  expect(heard('one')).toBe(turnId);
  notes.note('one', null);
  expect(heard('one')).toBeNull();
  notes.forget('one');
  expect(readdirSync(toHeardFolder(dataDir, ID))).toEqual([]);
});

test.runIf(process.platform === 'linux')(
  'a later server finds of which start it was, in the same life of the machine',
  () => {
    const { dataDir, spoil } = setUp();
    createHeardNotes(dataDir, ID).begin('one', start);
    spoil('two', `${JSON.stringify({ ...start, boot: 'an earlier one' })}\n`);
    const notes = readHeardNotes(dataDir, ID);
    expect(notes?.get('one')?.start).toEqual(start);
    expect(notes?.get('two')?.start).toBeUndefined();
  },
);

test.each([
  ['half a line', '{"heard":nu'],
  ['nonsense', 'x\n'],
  ['an unknown shape', '{"heard":7}\n'],
])('nobody can tell after %s', (_, text) => {
  const { dataDir, heard, spoil } = setUp();
  const notes = createHeardNotes(dataDir, ID);
  notes.begin('one', start);
  notes.note('one', turnId);
  spoil('one', text);
  expect(heard('one')).toBeUndefined();
});

test('a runner that writes down nothing is not taken for one whose agents heard nothing', () => {
  expect(readHeardNotes(setUp().dataDir, ID)).toBeUndefined();
});
