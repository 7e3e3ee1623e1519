import type { EventOf, Failure, SessionId, TurnId } from '@baton/protocol';
import type { AgentReport, Change, OpenOptions } from './backend.ts';
import type { Draft, RunMark } from './event-store.ts';

/** What the agent is to be asked, because of an event that is already in the log. Plain data: it may cross to another process. */
export type Effect =
  | { type: 'start' }
  /** `isRest`: it has nothing to do, and the next prompt wakes it. */
  | { type: 'stop'; isRest?: boolean }
  | { type: 'release' }
  | { type: 'prompt'; event: EventOf<'turn.started'> }
  | { type: 'steer'; event: EventOf<'turn.steered'> }
  | { type: 'interrupt'; event: EventOf<'turn.interrupt-requested'> }
  | { type: 'answer-approval'; event: EventOf<'approval.answered'> }
  | { type: 'answer-question'; event: EventOf<'question.answered'> }
  | { type: 'turn-over' }
  /** `before`: what to go back to when the agent refuses. */
  | { type: 'configure'; event: EventOf<'session.configured'>; before: Change };

/** What to open an agent with. */
export type AgentDescription = Omit<OpenOptions, 'report' | 'noteHeard'>;

/** The session that an agent works for, as its host needs to know it. */
export interface HostedSession {
  sessionId: SessionId;
  /** Which backend's agent it is. */
  backend(): string;
  /** What to open the agent with, as the session stands now. */
  describe(): Promise<AgentDescription>;
  /** `mark` counts what one run says; absent where a run cannot outlive its server. Otherwise as `OpenOptions.report`. */
  report(report: AgentReport, mark?: RunMark): void | Promise<void>;
  /** As `OpenOptions.noteHeard`. */
  noteHeard?: OpenOptions['noteHeard'];
  /** Ends the process and starts a new one for what is queued, if this turn still runs: the last resort of an interrupt. */
  restart(turnId: TurnId): void;
  /** Awaited before a prompt goes out, for a bounded time; absent: nothing has to come before. */
  beforeTurn?: ((turnId: TurnId) => Promise<void>) | undefined;
}

/**
 * Between the log of one session and one agent process after another.
 *
 * - What an agent says of a process that was let go is dropped.
 * - Nothing here throws: what fails is reported like anything the agent says.
 */
export interface AgentLink {
  /** Asks the agent for what the event with this number demands. The numbers of one session only grow. */
  perform(effect: Effect, seq: number): void;
  /** Takes up a run that outlived its server; `seq` numbers what it is asked from now on, as for any other. */
  adopt(survivor: Survivor, from: Resumption): void;
  /** The log has taken down what the run said up to this number. */
  recorded(mark: RunMark): void;
  /** Ends the agent as one that failed, for this reason. False: there is none. */
  fail(failure: Failure): boolean;
  /** Ends the agent and takes no more of its reports. */
  abandon(): Promise<void>;
  /** Takes no more of its reports, and lets it work on if it outlives this process; otherwise ends it. */
  leave(): Promise<void>;
  readonly live: boolean;
}

/** An agent that went on while no server was there. */
export interface Survivor {
  sessionId: SessionId;
  run: string;
  /** The log's last event when it was started. */
  startedAfter: number;
  /** The number of the last event it was asked something for. */
  askedUpTo: number;
  /** The last of its reports that a log said to have; what came before is not kept. */
  takenDown: number;
}

/** What is known of an agent that died together with the server that began it. */
export interface Casualty {
  /** The number of the event that asked for its start. */
  startedBy: number;
  /** As `AgentExit.heard`. */
  heard: TurnId | null;
}

export interface Resumption {
  /** The last of its reports that is in the log. */
  after: number;
  /** Called once, before any report: the text that its open items had after that report. */
  restore(drafts: readonly Draft[]): void;
}

/**
 * Where agents run: in this process, or in one that outlives it.
 *
 * After `open`, which may be called again, what a crash left behind is ended, and survivors are known. After `settle` no
 * survivor is left that was not adopted.
 */
export interface AgentHost {
  open(): Promise<void>;
  link(session: HostedSession): AgentLink;
  survivor(sessionId: SessionId): Survivor | undefined;
  /** The last agent of this session that did not survive, where what it heard was written down. */
  casualty(sessionId: SessionId): Casualty | undefined;
  /** Ends the survivor of this session, which cannot be taken up. */
  forsake(sessionId: SessionId): Promise<void>;
  settle(): Promise<void>;
  /** After every link was abandoned or left. `leave`: what outlives this process stays for the next. */
  close(how: 'end' | 'leave'): Promise<void>;
}
