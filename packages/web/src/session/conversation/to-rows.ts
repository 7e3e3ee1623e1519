import type { Timeline, TimelineMark, TimelineTurn } from '@baton/core';
import type { OptimisticSteer, OptimisticTurn } from '@baton/client';
import type { EventOf } from '@baton/protocol';
import type { Folds, Row } from './row.ts';
import { reuseRows } from './reuse-rows.ts';
import { toTurnRows } from './turn-rows.ts';

export interface RowsInput {
  readonly timeline: Timeline;
  readonly optimistic: readonly OptimisticTurn[];
  /** Added to the running turn and not in the log yet. */
  readonly steering?: readonly OptimisticSteer[];
  readonly folds: Folds;
}

interface Section {
  readonly turn: TimelineTurn;
  readonly marks: readonly TimelineMark[];
  readonly plan: EventOf<'plan.updated'> | undefined;
  readonly rows: readonly Row[];
}

export interface RowModel {
  readonly input: RowsInput;
  readonly rows: readonly Row[];
  readonly sections: ReadonlyMap<string, Section>;
}

const SETTINGS = ['model', 'mode', 'effort'] as const;
const AGENT_LIFE: ReadonlySet<string> = new Set(['agent.started', 'agent.exited', 'session.stop-requested']);
const NO_MARKS: readonly TimelineMark[] = [];

/**
 * The conversation as one flat list. Given the model before, turns that did not change are not looked at again and
 * rows that say the same keep their identity, so that a delta costs one turn and re-renders one row.
 */
export function toRows(input: RowsInput, previous?: RowModel): RowModel {
  const marks = groupMarks(input.timeline.marks);
  const sections = new Map<string, Section>();
  const rows: Row[] = toMarkRows(marks.get('') ?? NO_MARKS, previous);
  for (const turn of input.timeline.turns) {
    const section = toSection({ turn, marks: marks.get(turn.turnId) ?? NO_MARKS }, input, previous);
    sections.set(turn.turnId, section);
    for (const row of section.rows) rows.push(row);
  }
  insertSteers(rows, input, previous);
  rows.push(...toOptimisticRows(input, sections, previous));
  return { input, sections, rows: isSameList(rows, previous?.rows) ? previous.rows : rows };
}

function toSection(
  { turn, marks }: Pick<Section, 'turn' | 'marks'>,
  input: RowsInput,
  previous: RowModel | undefined,
): Section {
  const { timeline, folds } = input;
  const plan = timeline.plan?.turnId === turn.turnId ? timeline.plan : undefined;
  const before = previous?.sections.get(turn.turnId);
  const isKnown = before?.turn === turn && before.plan === plan && isSameList(marks, before.marks);
  if (isKnown && previous !== undefined && isSameReading(input, previous.input)) return before;
  const rows = toTurnRows({ turn, marks, plan, folds, approvals: timeline.approvals, questions: timeline.questions });
  return { turn, marks, plan, rows: reuseRows(rows, before?.rows) };
}

// What every turn is read with.
function isSameReading({ timeline, folds }: RowsInput, before: RowsInput): boolean {
  if (folds !== before.folds) return false;
  return timeline.approvals === before.timeline.approvals && timeline.questions === before.timeline.questions;
}

function toMarkRows(marks: readonly TimelineMark[], previous: RowModel | undefined): Row[] {
  const rows = marks.map((mark): Row => ({ kind: 'mark', key: `mark:${mark.seq}`, depth: 0, at: mark.at, mark }));
  return reuseRows(rows, previous?.rows.slice(0, rows.length));
}

// A prompt that is in the log already is no longer ours to show, whatever the client still holds.
function toOptimisticRows(
  { optimistic }: RowsInput,
  sections: ReadonlyMap<string, Section>,
  previous: RowModel | undefined,
): Row[] {
  const rows = optimistic
    .filter((turn) => !sections.has(turn.turnId))
    .map((turn): Row => {
      const key = `prompt:${turn.turnId}`;
      return { kind: 'prompt', key, depth: 0, input: turn.input, by: '', sending: true, within: false };
    });
  return reuseRows(rows, rows.length === 0 ? undefined : previous?.rows);
}

// In the turn they were meant for, before the line that says that it works.
function insertSteers(rows: Row[], { steering = [] }: RowsInput, previous: RowModel | undefined): void {
  if (steering.length === 0) return;
  const steers = steering.map(({ id, input }): Row => {
    return { kind: 'prompt', key: `steer:${id}`, depth: 0, input, by: '', sending: true, within: true };
  });
  const end = rows.at(-1)?.kind === 'working' ? rows.length - 1 : rows.length;
  rows.splice(end, 0, ...reuseRows(steers, previous?.rows));
}

function groupMarks(marks: readonly TimelineMark[]): Map<string, TimelineMark[]> {
  const groups = new Map<string, TimelineMark[]>();
  for (const mark of marks) {
    if (!isWorthShowing(mark, marks)) continue;
    const key = mark.afterTurnId ?? '';
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [mark]);
    else group.push(mark);
  }
  return groups;
}

// The first start of an agent, and a setting that stays what it was, say nothing that the page does not show already.
function isWorthShowing({ event, seq }: TimelineMark, marks: readonly TimelineMark[]): boolean {
  if (event.type === 'agent.started') return marks.some((mark) => mark.seq < seq && mark.event.type === 'agent.exited');
  if (event.type === 'agent.exited' && event.expected) return !isTold(seq, marks);
  if (event.type !== 'session.configured') return true;
  const earlier = marks.flatMap((mark) =>
    mark.seq < seq && mark.event.type === 'session.configured' ? [mark.event] : [],
  );
  return SETTINGS.some((name) => {
    const before = earlier.findLast((other) => other[name] !== undefined)?.[name];
    return event[name] !== undefined && event[name] !== before;
  });
}

// Why Baton ended it stands there already.
function isTold(seq: number, marks: readonly TimelineMark[]): boolean {
  const before = marks.findLast((mark) => mark.seq < seq && AGENT_LIFE.has(mark.event.type));
  return before?.event.type === 'session.stop-requested';
}

function isSameList<T>(list: readonly T[], before: readonly T[] | undefined): before is readonly T[] {
  return before?.length === list.length && list.every((value, index) => value === before[index]);
}
