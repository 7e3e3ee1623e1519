import type { TimelineItem, TimelineMark, TimelineTurn } from '@baton/core';
import type { ApprovalView, EventOf, Failure, InputPart, QuestionView } from '@baton/protocol';
import type { TurnSummary } from './turn-summary.ts';

interface RowPlace {
  /** Stable for as long as the row means the same thing; React's key and the key of its fold. */
  readonly key: string;
  /** How many subagents or opened groups it stands in. */
  readonly depth: number;
  /** When it began, for what came at its own time. */
  readonly at?: string;
}

export interface PromptRow extends RowPlace {
  readonly kind: 'prompt';
  readonly input: readonly InputPart[];
  readonly by: string;
  /** Typed here and not in the log yet. */
  readonly sending: boolean;
  /** Said to the agent while a turn was running, or by the agent to its subagent. */
  readonly within: boolean;
}

export interface MessageRow extends RowPlace {
  readonly kind: 'message';
  readonly text: string;
  readonly streaming: boolean;
}

export interface ReasoningRow extends RowPlace {
  readonly kind: 'reasoning';
  readonly entry: TimelineItem;
  readonly unfolded: boolean;
}

export interface ToolRow extends RowPlace {
  readonly kind: 'tool';
  readonly entry: TimelineItem;
  readonly unfolded: boolean;
  readonly approval?: ApprovalView;
  /** What a subagent did: how many steps, and the last of them while it works. */
  readonly steps: number;
  readonly latest?: TimelineItem;
}

/** Reads and searches in a row. */
export interface GroupRow extends RowPlace {
  readonly kind: 'group';
  readonly entries: readonly TimelineItem[];
  readonly unfolded: boolean;
}

export interface ErrorRow extends RowPlace {
  readonly kind: 'error';
  readonly failure: Failure;
}

export interface AnswerRow extends RowPlace {
  readonly kind: 'answer';
  readonly question: QuestionView;
}

export interface PlanRow extends RowPlace {
  readonly kind: 'plan';
  readonly plan: EventOf<'plan.updated'>;
  readonly unfolded: boolean;
}

export interface MarkRow extends RowPlace {
  readonly kind: 'mark';
  readonly mark: TimelineMark;
}

export interface WorkingRow extends RowPlace {
  readonly kind: 'working';
  readonly startedAt: string;
  readonly interrupting: boolean;
}

export interface SummaryRow extends RowPlace {
  readonly kind: 'summary';
  readonly turn: TimelineTurn;
  readonly summary: TurnSummary;
}

/** One line or block of the conversation, in the flat order in which it is shown. */
export type Row =
  | PromptRow
  | MessageRow
  | ReasoningRow
  | ToolRow
  | GroupRow
  | ErrorRow
  | AnswerRow
  | PlanRow
  | MarkRow
  | WorkingRow
  | SummaryRow;

/** What the reader opened or folded. A row without an entry stands as its kind does by default. */
export interface Folds {
  /** Whether reasoning is open by default (Ctrl+O). */
  readonly reasoning: boolean;
  readonly rows: ReadonlyMap<string, boolean>;
}

export const noFolds: Folds = { reasoning: false, rows: new Map() };
