import { AppError, type EventOf, type Problem, type RecordedEvent, type SessionId, type TurnId } from '@baton/protocol';
import type { Followed, Link } from '@baton/client';
import { createAsker, type Asker } from './ask/asker.ts';
import type { ApprovePolicy } from './ask/ask-policy.ts';
import { toEventLine } from './render/event-line.ts';
import { createMessageStream } from './render/message-stream.ts';
import { toPlainLine } from './render/plain-text.ts';
import type { Terminal } from './terminal.ts';

export interface FollowOptions {
  link: Pick<Link, 'follow' | 'send'>;
  terminal: Terminal;
  sessionId: SessionId;
  /** Prints events as JSON lines instead of text. */
  json: boolean;
  /** Who answers approvals. */
  approve: ApprovePolicy;
  /** Answers nothing. */
  onlyWatch?: boolean;
  /** The turn that was typed here a moment ago: its prompt need not be repeated, and what came before is not shown. */
  ownTurn?: TurnId;
}

export interface TurnOutcome {
  outcome: EventOf<'turn.ended'>['outcome'];
  /** Something was asked that nobody could answer. */
  unanswered: boolean;
}

/** One session shown in the terminal, from its first event on. */
export interface SessionFollow {
  /** Resolves when the turn has ended; rejects when the session cannot be followed any more. */
  turnEnd(turnId: TurnId): Promise<TurnOutcome>;
  /** Resolves when all that was there is shown. */
  caughtUp(): Promise<void>;
  readonly runningTurn: TurnId | undefined;
  readonly lastOutcome: TurnOutcome['outcome'] | undefined;
  stop(): void;
}

export function followSession(options: FollowOptions): SessionFollow {
  return new TerminalFollow(options);
}

type Asked = EventOf<'approval.requested' | 'question.asked'>;
type Waiter = { turnId: TurnId; resolve: (outcome: TurnOutcome) => void; reject: (error: AppError) => void };

class TerminalFollow implements SessionFollow {
  runningTurn: TurnId | undefined;
  lastOutcome: TurnOutcome['outcome'] | undefined;
  readonly #options: FollowOptions;
  readonly #asker: Asker;
  readonly #stream = createMessageStream();
  readonly #followed: Followed;
  readonly #caughtUp = Promise.withResolvers<void>();
  readonly #ended = new Map<TurnId, TurnOutcome['outcome']>();
  #waiters: Waiter[] = [];
  /** Why the last turn failed. */
  #told: string | undefined;
  #isShown: boolean;
  /** The last turn whose prompt was shown: one that is asked again is not typed again. */
  #prompted: TurnId | undefined;
  // Asked before we came: put to the person when all is read and they are open still. Undefined once that is done.
  #held: Map<string, Asked> | undefined = new Map();

  constructor(options: FollowOptions) {
    const { link, terminal, sessionId, approve, onlyWatch = false } = options;
    this.#options = options;
    this.#isShown = options.ownTurn === undefined || options.json;
    this.#asker = createAsker({ terminal, sessionId, approve, onlyWatch, send: (command) => link.send(command) });
    this.#caughtUp.promise.catch(() => {});
    this.#followed = link.follow({
      sessionId,
      after: 0,
      follower: {
        event: (event) => this.#receive(event),
        delta: (delta) => this.#say(options.json ? '' : this.#stream.delta(delta)),
        caughtUp: () => this.#reachNow(),
        reset: (reason) => this.#note(`· The session was replaced: ${toPlainLine(reason)}`),
        refused: (problem) => this.#fail(problem),
      },
    });
  }

  turnEnd(turnId: TurnId): Promise<TurnOutcome> {
    const outcome = this.#ended.get(turnId);
    if (outcome !== undefined) return Promise.resolve({ outcome, unanswered: this.#asker.unanswered });
    return new Promise((resolve, reject) => this.#waiters.push({ turnId, resolve, reject }));
  }

  caughtUp(): Promise<void> {
    return this.#caughtUp.promise;
  }

  stop(): void {
    this.#followed.stop();
    this.#asker.stop();
    this.#say(this.#stream.endLine());
  }

  #receive(recorded: RecordedEvent): void {
    const { event } = recorded;
    if (event.type === 'turn.started' && event.turnId === this.#options.ownTurn) this.#isShown = true;
    if (this.#isShown) this.#show(recorded);
    this.#follow(event);
  }

  #show(recorded: RecordedEvent): void {
    const { event } = recorded;
    if (this.#options.json) return this.#options.terminal.out(`${JSON.stringify(recorded)}\n`);
    this.#say(this.#stream.event(event));
    if (event.type === 'turn.started' && event.turnId !== this.#options.ownTurn) this.#showPrompt(event);
    // Why an agent ended is often why its turn did, which stands right above.
    const isKnown = event.type === 'agent.exited' && this.#told !== undefined && event.failure?.message === this.#told;
    if (event.type === 'turn.ended') this.#told = event.error?.message;
    const line = isKnown ? undefined : toEventLine(recorded, this.#options.terminal.errPaint);
    if (line !== undefined) this.#note(line);
  }

  #showPrompt({ turnId, by, input }: EventOf<'turn.started'>): void {
    if (turnId === this.#prompted) return;
    this.#prompted = turnId;
    const text = input.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join(' ');
    if (text !== '') this.#note(this.#options.terminal.errPaint('strong', `> ${toPlainLine(text)}`));
    else if (by === 'agent') this.#note(this.#options.terminal.errPaint('quiet', '· The agent goes on by itself'));
  }

  #follow(event: RecordedEvent['event']): void {
    switch (event.type) {
      case 'turn.started':
        this.runningTurn = event.turnId;
        return;
      case 'turn.requeued':
        this.runningTurn = undefined;
        return;
      case 'turn.ended':
        return this.#endTurn(event);
      case 'turn.unqueued':
        return this.#endTurn({ turnId: event.turnId, outcome: 'interrupted' });
      case 'approval.requested':
        return this.#ask(event.approvalId, event);
      case 'question.asked':
        return this.#ask(event.questionId, event);
      case 'approval.answered':
      case 'approval.withdrawn':
        return this.#close(event.approvalId);
      case 'question.answered':
      case 'question.withdrawn':
        return this.#close(event.questionId);
      default:
    }
  }

  #endTurn({ turnId, outcome }: Pick<EventOf<'turn.ended'>, 'turnId' | 'outcome'>): void {
    if (this.runningTurn === turnId) this.runningTurn = undefined;
    this.lastOutcome = outcome;
    this.#ended.set(turnId, outcome);
    const waiting = this.#waiters.filter((waiter) => waiter.turnId === turnId);
    this.#waiters = this.#waiters.filter((waiter) => waiter.turnId !== turnId);
    for (const waiter of waiting) waiter.resolve({ outcome, unanswered: this.#asker.unanswered });
  }

  #ask(id: string, event: Asked): void {
    if (this.#held === undefined) this.#asker.asked(event);
    else this.#held.set(id, event);
  }

  #close(id: string): void {
    this.#held?.delete(id);
    this.#asker.closed(id);
  }

  #reachNow(): void {
    const held = this.#held;
    this.#held = undefined;
    for (const event of held?.values() ?? []) this.#asker.asked(event);
    this.#caughtUp.resolve();
  }

  #fail({ kind, detail }: Problem): void {
    const error = new AppError(kind, detail);
    this.#caughtUp.reject(error);
    for (const waiter of this.#waiters) waiter.reject(error);
    this.#waiters = [];
  }

  #say(text: string): void {
    if (text !== '') this.#options.terminal.out(text);
  }

  #note(line: string): void {
    if (this.#options.json) return;
    this.#say(this.#stream.endLine());
    this.#options.terminal.err(`${line}\n`);
  }
}
