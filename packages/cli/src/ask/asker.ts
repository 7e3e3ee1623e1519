import { isAppError, type CommandInput, type EventOf, type SessionId } from '@baton/protocol';
import { toPlainLine } from '../render/plain-text.ts';
import type { Terminal } from '../terminal.ts';
import { askApproval, askQuestions } from './ask-person.ts';
import { toAllowing, toDenying, type ApprovePolicy } from './ask-policy.ts';

type Asked = EventOf<'approval.requested' | 'question.asked'>;

export interface AskerOptions {
  terminal: Terminal;
  sessionId: SessionId;
  approve: ApprovePolicy;
  /** Leaves everything open for others where nobody can be asked here. */
  onlyWatch: boolean;
  send: (command: CommandInput) => Promise<unknown>;
}

/** Brings what an agent asks to the person at the terminal, or to the policy that stands for one. */
export interface Asker {
  asked(event: Asked): void;
  /** Answered elsewhere or withdrawn: the person need not answer any more. */
  closed(id: string): void;
  /** Something was asked that nobody could answer. */
  readonly unanswered: boolean;
  stop(): void;
}

export function createAsker(options: AskerOptions): Asker {
  const open = new Map<string, AbortController>();
  const answerer = createAnswerer(options);
  // One question at a time; the next waits until this one is answered or called off.
  let line: Promise<void> = Promise.resolve();
  return {
    get unanswered() {
      return answerer.unanswered;
    },
    asked(event) {
      if (options.onlyWatch) return;
      const calledOff = new AbortController();
      open.set(event.type === 'approval.requested' ? event.approvalId : event.questionId, calledOff);
      line = line.then(() => (calledOff.signal.aborted ? undefined : answerer.answer(event, calledOff.signal)));
    },
    closed(id) {
      open.get(id)?.abort();
      open.delete(id);
    },
    stop() {
      for (const calledOff of open.values()) calledOff.abort();
    },
  };
}

interface Answerer {
  answer(event: Asked, signal: AbortSignal): Promise<void>;
  readonly unanswered: boolean;
}

function createAnswerer({ terminal, sessionId, approve, send }: AskerOptions): Answerer {
  let unanswered = false;

  async function deliver(command: CommandInput): Promise<void> {
    try {
      await send(command);
    } catch (error) {
      if (!isAppError(error)) throw error;
      terminal.err(`${terminal.errPaint('quiet', `· ${toPlainLine(error.message)}`)}\n`);
    }
  }

  async function answerApproval(event: EventOf<'approval.requested'>, signal: AbortSignal): Promise<void> {
    const { approvalId } = event;
    if (approve === 'ask' && terminal.canAsk) {
      const chosen = await askApproval(terminal, event, signal);
      if (chosen === undefined) return;
      const note = chosen.note === undefined ? {} : { note: chosen.note };
      return deliver({ type: 'approval.answer', approvalId, option: chosen.option.id, ...note });
    }
    if (approve === 'ask') {
      cannotAsk(`"${toPlainLine(event.title)}" needs an answer and nobody can be asked here: denied`);
    }
    const option = approve === 'allow-once' ? toAllowing(event.options) : toDenying(event.options);
    if (option === undefined) return deliver({ type: 'turn.interrupt', sessionId });
    return deliver({ type: 'approval.answer', approvalId, option: option.id });
  }

  async function answerQuestion(event: EventOf<'question.asked'>, signal: AbortSignal): Promise<void> {
    if (terminal.canAsk) {
      const answers = await askQuestions(terminal, event, signal);
      if (answers !== undefined) await deliver({ type: 'question.answer', questionId: event.questionId, answers });
      return;
    }
    const asked = toPlainLine(event.questions[0]?.question ?? '');
    cannotAsk(`The agent asks "${asked}" and nobody can answer here: the turn is interrupted`);
    return deliver({ type: 'turn.interrupt', sessionId });
  }

  function cannotAsk(message: string): void {
    unanswered = true;
    terminal.err(`${terminal.errPaint('bad', `✗ ${message}`)}\n`);
  }

  return {
    get unanswered() {
      return unanswered;
    },
    answer: (event, signal) =>
      event.type === 'approval.requested' ? answerApproval(event, signal) : answerQuestion(event, signal),
  };
}
