import type {
  ApprovalView,
  CheckpointId,
  EventOf,
  Failure,
  InputPart,
  Item,
  ItemId,
  QuestionView,
  TurnId,
  Usage,
} from '@baton/protocol';

/** One item of a turn, with what has streamed of it. Items keep the order in which they started. */
export interface TimelineItem {
  readonly itemId: ItemId;
  readonly turnId: TurnId;
  /** The subagent's tool call this item belongs to. */
  readonly parentItemId?: ItemId;
  /** Text of open messages and reasoning already holds the streamed part. */
  readonly item: Item;
  readonly open: boolean;
  /** What a running tool has printed so far; gone when the item ends. */
  readonly liveOutput?: string;
  readonly startedAt: string;
  readonly endedAt?: string;
}

export interface TimelineTurn {
  readonly turnId: TurnId;
  readonly by: string;
  readonly input: readonly InputPart[];
  readonly state: 'running' | 'completed' | 'interrupted' | 'failed';
  readonly interrupting: boolean;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly durationMs?: number;
  readonly error?: Failure;
  readonly usage?: Usage;
  readonly costUsd?: number;
  readonly items: readonly TimelineItem[];
}

/** What stands between turns: the agent started, ended, was put to sleep, said something, a setting changed, files were put back. */
export interface TimelineMark {
  readonly seq: number;
  readonly at: string;
  /** The turn it comes after; absent before the first. */
  readonly afterTurnId?: TurnId;
  readonly event: EventOf<
    | 'agent.started'
    | 'agent.exited'
    | 'session.stop-requested'
    | 'notice.raised'
    | 'session.configured'
    | 'session.continued'
    | 'session.rewound'
    | 'checkpoint.restored'
  >;
}

/**
 * A conversation as it is shown. Every fold returns a new value that shares what did not change, so that a view can
 * compare by identity. The fold is total: a log read from its middle gives the part it can.
 */
export interface Timeline {
  readonly seq: number;
  readonly turns: readonly TimelineTurn[];
  readonly marks: readonly TimelineMark[];
  readonly plan?: EventOf<'plan.updated'>;
  /** The last checkpoint of the working tree that was made. */
  readonly checkpoint?: CheckpointId;
  /** Last lines of stderr, oldest first, at most 200. */
  readonly agentOutput: readonly string[];
  readonly approvals: readonly ApprovalView[];
  readonly questions: readonly QuestionView[];
}
