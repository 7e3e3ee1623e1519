import type { TimelineItem, TimelineMark, TimelineTurn } from '@baton/core';
import type { ApprovalView, EventOf, InputPart, QuestionView, ToolCallItem } from '@baton/protocol';
import type { Folds, Row, ToolRow } from './row.ts';
import { toTurnSummary } from './turn-summary.ts';

export interface TurnRowsInput {
  readonly turn: TimelineTurn;
  readonly marks: readonly TimelineMark[];
  readonly plan: EventOf<'plan.updated'> | undefined;
  readonly folds: Folds;
  readonly approvals: readonly ApprovalView[];
  readonly questions: readonly QuestionView[];
}

interface Walk extends TurnRowsInput {
  readonly roots: readonly TimelineItem[];
  readonly children: ReadonlyMap<string, readonly TimelineItem[]>;
  readonly approvalByItem: ReadonlyMap<string, ApprovalView>;
  readonly rows: Row[];
}

const GROUPED = new Set(['read', 'search']);

/** The rows of one turn: its prompt, what the agent did in order with what stands between, and how it ended. */
export function toTurnRows(input: TurnRowsInput): Row[] {
  const { turn } = input;
  const walk: Walk = {
    ...input,
    ...toTree(turn),
    approvalByItem: new Map(input.approvals.flatMap((view) => (view.itemId ? [[view.itemId, view] as const] : []))),
    rows: [],
  };
  if (turn.input.length > 0) walk.rows.push(toPromptRow(turn));
  pushEntries(walk, walk.roots, 0);
  pushAnswers(walk);
  if (turn.state === 'running') pushMarks(walk);
  if (input.plan !== undefined) walk.rows.push(toPlanRow(input.plan, walk));
  pushEnd(walk);
  if (turn.state !== 'running') pushMarks(walk);
  return walk.rows;
}

function toPromptRow({ turnId, input, by, startedAt }: TimelineTurn): Row {
  return { kind: 'prompt', key: `prompt:${turnId}`, depth: 0, input, by, at: startedAt, sending: false, within: false };
}

// Open while it is being followed.
function toPlanRow(plan: EventOf<'plan.updated'>, { folds, turn }: Walk): Row {
  const key = `plan:${plan.turnId}`;
  return { kind: 'plan', key, depth: 0, plan, unfolded: folds.rows.get(key) ?? turn.state === 'running' };
}

function pushEnd({ turn, rows }: Walk): void {
  if (turn.state === 'running') {
    const { startedAt, interrupting } = turn;
    rows.push({ kind: 'working', key: `end:${turn.turnId}`, depth: 0, startedAt, interrupting });
    return;
  }
  const { error } = turn;
  const isTold = rows.some((row) => row.kind === 'error' && row.failure.message === error?.message);
  if (error !== undefined && !isTold) {
    rows.push({ kind: 'error', key: `failure:${turn.turnId}`, depth: 0, failure: error });
  }
  const at = turn.endedAt ?? turn.startedAt;
  rows.push({ kind: 'summary', key: `end:${turn.turnId}`, depth: 0, at, turn, summary: toTurnSummary(turn) });
}

function pushEntries(walk: Walk, entries: readonly TimelineItem[], depth: number): void {
  for (let index = 0; index < entries.length; ) {
    const run = toGroup(walk, entries, index);
    if (run.length > 1) pushGroup(walk, run, depth);
    else pushEntry(walk, entries[index], depth);
    index += run.length;
  }
}

// Reads and searches that follow each other, as long as none failed or waits for an answer.
function toGroup(walk: Walk, entries: readonly TimelineItem[], start: number): readonly TimelineItem[] {
  let end = start;
  while (end < entries.length && isGrouped(walk, entries[end])) end += 1;
  return entries.slice(start, Math.max(end, start + 1));
}

function isGrouped(walk: Walk, entry: TimelineItem | undefined): boolean {
  if (entry?.item.type !== 'tool-call' || !GROUPED.has(entry.item.kind)) return false;
  const isWaiting = walk.approvalByItem.get(entry.itemId)?.state === 'pending';
  return !isWaiting && (entry.item.status === 'completed' || entry.item.status === 'running');
}

function pushGroup(walk: Walk, entries: readonly TimelineItem[], depth: number): void {
  const key = `group:${entries[0]?.itemId ?? ''}`;
  const at = entries[0]?.startedAt ?? '';
  const unfolded = walk.folds.rows.get(key) ?? false;
  walk.rows.push({ kind: 'group', key, depth, at, entries, unfolded });
  if (unfolded) for (const entry of entries) pushEntry(walk, entry, depth + 1);
}

function pushEntry(walk: Walk, entry: TimelineItem | undefined, depth: number): void {
  if (entry === undefined) return;
  const { item, itemId: key } = entry;
  switch (item.type) {
    case 'user-message':
      if (depth > 0 || isSteer(entry) || !isSameInput(item.parts, walk.turn.input)) {
        const at = entry.startedAt;
        const by = depth > 0 ? 'agent' : walk.turn.by;
        walk.rows.push({ kind: 'prompt', key, depth, input: item.parts, by, at, sending: false, within: true });
      }
      return;
    case 'agent-message':
      if (item.text.trim() !== '') {
        walk.rows.push({ kind: 'message', key, depth, at: entry.startedAt, text: item.text, streaming: entry.open });
      }
      return;
    case 'reasoning':
      pushReasoning(walk, entry, depth);
      return;
    case 'error':
      walk.rows.push({
        kind: 'error',
        key,
        depth,
        at: entry.startedAt,
        failure: { kind: item.kind, message: item.message },
      });
      return;
    case 'tool-call':
      pushTool(walk, { entry, call: item }, depth);
      return;
  }
}

// Reasoning that a provider hides has no text: there is then nothing to tell once it is over.
function pushReasoning(walk: Walk, entry: TimelineItem, depth: number): void {
  if (entry.item.type !== 'reasoning' || (!entry.open && entry.item.text.trim() === '')) return;
  const unfolded = walk.folds.rows.get(entry.itemId) ?? walk.folds.reasoning;
  walk.rows.push({ kind: 'reasoning', key: entry.itemId, depth, at: entry.startedAt, entry, unfolded });
}

function pushTool(walk: Walk, { entry, call }: { entry: TimelineItem; call: ToolCallItem }, depth: number): void {
  const children = walk.children.get(entry.itemId) ?? [];
  const approval = walk.approvalByItem.get(entry.itemId);
  const latest = entry.open ? children.findLast((child) => child.item.type === 'tool-call') : undefined;
  const row: ToolRow = {
    kind: 'tool',
    key: entry.itemId,
    depth,
    at: entry.startedAt,
    entry,
    unfolded: walk.folds.rows.get(entry.itemId) ?? isOpenByDefault(entry, call),
    steps: children.filter((child) => child.item.type === 'tool-call').length,
    ...(approval === undefined ? {} : { approval }),
    ...(latest === undefined ? {} : { latest }),
  };
  walk.rows.push(row);
  if (row.unfolded && children.length > 0) pushEntries(walk, children, depth + 1);
}

// Failures open themselves, and so does a command while it prints.
function isOpenByDefault(entry: TimelineItem, call: ToolCallItem): boolean {
  if (call.status === 'failed') return true;
  return entry.open && call.kind === 'execute' && (entry.liveOutput ?? '') !== '';
}

function pushAnswers(walk: Walk): void {
  for (const question of walk.questions) {
    if (question.turnId !== walk.turn.turnId || question.state === 'pending') continue;
    insertByTime(walk.rows, { kind: 'answer', key: `answer:${question.id}`, depth: 0, question }, question.closedAt);
  }
}

function pushMarks({ marks, rows, turn }: Walk): void {
  for (const mark of marks) {
    // The end of the agent that ended the turn stands there already.
    if (isToldByTurn(mark, turn)) continue;
    insertByTime(rows, { kind: 'mark', key: `mark:${mark.seq}`, depth: 0, at: mark.at, mark }, mark.at);
  }
}

function isToldByTurn({ event }: TimelineMark, { error }: TimelineTurn): boolean {
  return event.type === 'agent.exited' && event.failure !== undefined && event.failure.message === error?.message;
}

// Before the first thing that began later. What stands inside another stays with it.
function insertByTime(rows: Row[], row: Row, at = ''): void {
  const later = rows.findIndex((other) => other.depth === 0 && other.at !== undefined && other.at > at);
  rows.splice(later === -1 ? rows.length : later, 0, row);
}

// A child counts as one only when its parent started before it in the same turn, so nesting never loops.
function toTree({ items }: TimelineTurn): Pick<Walk, 'roots' | 'children'> {
  const roots: TimelineItem[] = [];
  const children = new Map<string, TimelineItem[]>();
  for (const entry of items) {
    const siblings = entry.parentItemId === undefined ? undefined : children.get(entry.parentItemId);
    (siblings ?? roots).push(entry);
    children.set(entry.itemId, []);
  }
  return { roots, children };
}

// The agent's echo of the prompt is not said twice; what a person added in the same words was.
function isSteer({ itemId }: TimelineItem): boolean {
  return itemId.startsWith('itm_steer_');
}

function isSameInput(parts: readonly InputPart[], input: readonly InputPart[]): boolean {
  return parts.length === input.length && JSON.stringify(parts) === JSON.stringify(input);
}
