import type {
  Answers,
  ApprovalId,
  BackendView,
  DeltaField,
  EventOf,
  InputPart,
  ItemId,
  QuestionId,
  RecordedEvent,
  SessionId,
  TurnId,
} from '@baton/protocol';
import type { AgentSaid, AgentTold, ConversationKeeper } from './conversation-keeper.ts';
import type { StoredPlace } from './stored-sessions.ts';

/** The events an agent can cause; everything else is decided by Baton. */
export type AgentEvent =
  | EventOf<
      | 'agent.started'
      | 'agent.ready'
      | 'agent.output'
      | 'session.configured'
      | 'turn.started'
      | 'item.started'
      | 'item.ended'
      | 'approval.requested'
      | 'approval.withdrawn'
      | 'question.asked'
      | 'question.withdrawn'
      | 'plan.updated'
      | 'usage.updated'
      | 'notice.raised'
      | 'raw.received'
    >
  | AgentExit;

/** The end of the process, as whoever ran it tells of it. */
export interface AgentExit extends EventOf<'agent.exited'> {
  /**
   * The turn of the last prompt that may have reached the process; null: none has. Absent: nobody can say, or the process did
   * not come up, which its user is to hear of with the turn they asked for. A turn that runs and is not this one is asked again.
   */
  heard?: TurnId | null | undefined;
}

/** The end of a turn as the agent reports it; Baton adds the duration. */
export type AgentTurnEnd = Omit<EventOf<'turn.ended'>, 'durationMs'>;

/** Streamed text of an open item. The engine counts the offsets. Never stored as an event. */
export interface ItemDelta {
  type: 'item.delta';
  itemId: ItemId;
  field: DeltaField;
  text: string;
}

/**
 * Somebody may have gone back in the agent's own program. What of the log the agent does not have any more is taken back there,
 * too (`session.rewound`); where it has all, nothing happens. Its conversation goes on from there under its own id.
 */
export interface AgentWentBack {
  type: 'agent.went-back';
  /** The `point` of every turn that it has, as it reports them with `turn.ended`, the newest first. */
  points: readonly string[];
  /**
   * The conversation was just opened: turns after the last that the log knows were added in the agent's own program, which its
   * user is told. Otherwise what the log does not know is ignored.
   */
  isOpened?: boolean;
}

export type AgentReport = AgentEvent | AgentTurnEnd | AgentWentBack | ItemDelta | AgentTold;

export interface OpenOptions {
  sessionId: SessionId;
  /** An existing folder, by its real path. */
  cwd: string;
  model?: string | undefined;
  mode?: string | undefined;
  /** How hard the model thinks, one of the model's `efforts`. */
  effort?: string | undefined;
  /** What the user set for this session; wins over the server's own environment. */
  env: Readonly<Record<string, string>>;
  /** The agent's own id of the conversation: resume it, and never silently begin a new one. */
  nativeId?: string | undefined;
  /**
   * Begin from another conversation's past. Stays until a turn after it went through; `nativeId` beside it is what an
   * earlier start reported for this session, which the agent may never have stored.
   */
  branch?: Branch | undefined;
  /** The session's log so far, in order and without turns that were taken back, for a backend that keeps no history. */
  history(): AsyncIterable<RecordedEvent>;
  /**
   * Takes reports in order and never throws. A returned promise means "wait before reading on": the engine is behind,
   * and the backend should stop reading its agent's output until it resolves.
   */
  report(report: AgentReport): void | Promise<void>;
  /**
   * Writes down what the agent may have heard (`AgentExit.heard`), so that it is known when this process dies. Called before
   * anything of a prompt can reach the agent, and with null when certainly nothing of it did. Throws when it cannot be written
   * down: the prompt must not go out then. Absent: nobody asks for it after this process.
   */
  noteHeard?: ((turnId: TurnId | null) => void) | undefined;
}

/** Where a conversation comes from. */
export interface Branch {
  /**
   * `fork`: the other conversation stays untouched and this one gets an id of its own. `rewind`: what came after is given
   * up; whether the agent goes on under the same id or under a new one, which it then reports, is its own choice.
   */
  kind: 'fork' | 'rewind';
  nativeId: string;
  /** The `point` of the last turn to keep, as the agent reported it with `turn.ended`; absent: all of it. */
  point?: string | undefined;
}

export interface Prompt {
  turnId: TurnId;
  input: readonly InputPart[];
}

export interface ApprovalAnswer {
  approvalId: ApprovalId;
  /** The id of one of the options that were offered. */
  option: string;
  note?: string | undefined;
  input?: Readonly<Record<string, unknown>> | undefined;
}

export interface Change {
  model?: string | undefined;
  mode?: string | undefined;
  effort?: string | undefined;
}

/** What a session knows of the prompts it was given. */
export interface PromptHold {
  /** The turn of the last one, as long as certainly nothing of it reached the agent: it is held, or could not be sent. */
  readonly unheard: TurnId | undefined;
}

/**
 * One running agent conversation.
 *
 * Contract:
 * - `open` returns at once. `agent.started` is reported when the process is up; `agent.ready` when it said what it offers.
 *   A failure to start is `agent.exited` with a `failure`, and nothing after it.
 * - `prompt` may be called before `agent.ready`; the session holds it until the agent can take it. One turn is in flight
 *   at a time. Every prompted turn is ended by exactly one reported `turn.ended`, or by `agent.exited`.
 * - Methods resolve when the agent has taken the request and reject with an `AppError` when it cannot be delivered.
 *   Failures of the work itself are reported (`turn.ended` with outcome `failed`), never thrown.
 * - After `stop()` resolves no process of this session is alive and `agent.exited` was reported, once, as the last report.
 * - An optional method is a capability: absent means the agent cannot do it.
 */
export interface AgentSession {
  prompt(prompt: Prompt): Promise<void>;
  /**
   * Read when the process ends; who has one calls `noteHeard`. Absent: every prompt that is given to `prompt` counts as heard.
   */
  readonly held?: PromptHold;
  /** Ends the running turn through the agent's own protocol; its `turn.ended` (interrupted) is reported. */
  interrupt?(): Promise<void>;
  answerApproval?(answer: ApprovalAnswer): Promise<void>;
  answerQuestion?(answer: { questionId: QuestionId; answers: Answers }): Promise<void>;
  /** Changes a running agent. Absent: the engine applies the change at the next start. */
  configure?(change: Change): Promise<void>;
  /** Adds to the running turn; the agent reads it as soon as it can. Nothing is reported for it. Capability `steer`. */
  steer?(input: readonly InputPart[]): Promise<void>;
  /**
   * Bounded: protocol, then signals over the whole process tree. Idempotent. `isRest`: only because it has nothing to do, and
   * the next prompt wakes it; what makes that quick may be kept ready, as no process of this session.
   */
  stop(how?: { isRest: boolean }): Promise<void>;
}

/** One kind of agent. A value: `compose.ts` of the server names the ones there are. */
export interface Backend {
  readonly id: string;
  readonly title: string;
  /** Looks for the agent on this machine, starts no session, takes under a few seconds. Never throws: faults are `problem`. */
  probe(env?: Readonly<Record<string, string>>): Promise<BackendView>;
  open(options: OpenOptions): AgentSession;
  /** Ends what is shared by sessions or kept warm for them. Called once at stop, after every session has ended. */
  close?(): Promise<void>;
  /** Where the conversations are that the agent stored by itself, wherever they began. */
  readonly stored?: StoredPlace;
  /** Asks the agent which conversations it keeps, where nobody else can read them. Absent: it never tells. */
  readonly keeper?: ConversationKeeper;
  /** Takes what the agent said of itself in another process, so that `probe` knows it. */
  learn?(said: AgentSaid): void;
}
