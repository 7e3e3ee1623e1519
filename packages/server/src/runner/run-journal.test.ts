import type { AgentReport } from '@baton/core';
import { createId, type ItemId } from '@baton/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RunJournal } from './run-journal.ts';

const ITEM = createId('item');
const TURN = createId('turn');

const delta = (text: string, itemId: ItemId = ITEM): AgentReport => ({
  type: 'item.delta',
  itemId,
  field: 'text',
  text,
});
const started = (itemId: ItemId = ITEM): AgentReport => ({
  ...{ type: 'item.started', turnId: TURN, itemId },
  item: { type: 'agent-message', text: '' },
});
const notice = (text: string): AgentReport => ({ type: 'notice.raised', level: 'info', text });

function fill(reports: readonly AgentReport[]): RunJournal {
  const journal = new RunJournal();
  for (const report of reports) journal.add({ report });
  return journal;
}

describe('the journal of a run', () => {
  test('gives what came after a number, once and in order', () => {
    const journal = fill([notice('a'), notice('b'), notice('c')]);
    expect(journal.resume(1).said.map(({ number }) => number)).toEqual([2, 3]);
    expect(journal.resume(3).said).toEqual([]);
  });

  test('numbers go on after what was taken down', () => {
    const journal = fill([notice('a')]);
    journal.recorded(1);
    expect(journal.add({ report: notice('b') })).toBe(2);
  });

  test('gives the text that open items had, and what was streamed since', () => {
    const journal = fill([started(), delta('one '), delta('two '), notice('between'), delta('three')]);
    const { drafts, said } = journal.resume(4);
    expect(drafts).toEqual([{ itemId: ITEM, field: 'text', text: 'one two ' }]);
    expect(said).toMatchObject([{ number: 5, report: { text: 'three' } }]);
  });

  test('knows no text of an item that has ended', () => {
    const ended: AgentReport = {
      ...{ type: 'item.ended', turnId: TURN, itemId: ITEM, outcome: 'completed' },
      item: { type: 'agent-message', text: 'whole' },
    };
    expect(fill([started(), delta('who'), ended]).resume(3)).toEqual({ drafts: [], said: [] });
  });

  test('keeps streamed text that follows on itself as one', () => {
    const journal = fill([started(), delta('a'), delta('b'), delta('c')]);
    expect(journal.resume(1).said).toMatchObject([{ number: 4, report: { text: 'abc' } }]);
  });

  test('a restart that is wanted is said again like anything else', () => {
    const journal = fill([notice('a')]);
    journal.add({ restart: TURN });
    expect(journal.resume(1).said).toMatchObject([{ number: 2, restart: TURN }]);
  });

  test('its size is that of what it keeps', () => {
    const journal = fill([notice('x'.repeat(1000)), delta('y'.repeat(500))]);
    expect(journal.size).toBeGreaterThan(1500);
    journal.recorded(1);
    expect(journal.size).toBe(500);
    journal.recorded(2);
    expect(journal.size).toBe(0);
  });

  test('wherever a log stopped, the text that it goes on to is the text that was streamed', () => {
    const report = fc.oneof(
      fc.string({ minLength: 1, maxLength: 4 }).map((text) => delta(text)),
      fc.constant(notice('n')),
    );
    fc.assert(
      fc.property(fc.array(report, { maxLength: 30 }), fc.nat(), (reports, chance) => {
        const all = [started(), ...reports];
        const journal = fill(all);
        const durable = all.flatMap(({ type }, index) => (type === 'item.delta' ? [] : [index + 1]));
        const { drafts, said } = journal.resume(durable[chance % durable.length] ?? 1);
        const before = drafts.map(({ text }) => text).join('');
        const after = said.flatMap((each) =>
          'report' in each && each.report.type === 'item.delta' ? [each.report.text] : [],
        );
        const whole = all.flatMap((each) => (each.type === 'item.delta' ? [each.text] : []));
        expect(before + after.join('')).toBe(whole.join(''));
      }),
    );
  });
});
