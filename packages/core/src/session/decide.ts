import type { CommandOf } from '@baton/protocol';
import { assertNever } from '@baton/protocol';
import { decideApprovalAnswer, decideQuestionAnswer } from './decide-answer.ts';
import { decideReport } from './decide-report.ts';
import { decideRewind } from './decide-rewind.ts';
import {
  decideTurnInterrupt,
  decideTurnStart,
  decideTurnSteer,
  decideTurnUnqueue,
  startNextTurn,
} from './decide-turn.ts';
import {
  accept,
  type Decision,
  type DecisionContext,
  refuse,
  type SessionCommand,
  type SessionImportCommand,
  type SessionSettleCommand,
} from './decision.ts';
import { settle } from './settle.ts';
import type { OpenSession, SessionState } from './state.ts';

/** What a command does to a session: events to append, or a refusal. Pure and total. */
export function decide(state: SessionState, command: SessionCommand, context: DecisionContext): Decision {
  if (command.type === 'session.create') return decideCreate(state, command, context);
  if (command.type === 'session.import') return decideImport(state, command);
  if (state.status === 'none') return refuse('not-found', `There is no session "${context.sessionId}"`);
  switch (command.type) {
    case 'session.configure':
      return decideConfigure(state, command, context);
    case 'session.stop':
      return decideStop(state, context);
    case 'session.start':
      return decideStart(state, context);
    case 'session.archive':
      return decideArchive(state, command, context);
    case 'session.rewind':
      return decideRewind(state, command, context);
    case 'session.fork':
      return refuse('invalid-input', 'A fork is made as a session of its own');
    case 'turn.start':
      return decideTurnStart(state, command, context);
    case 'turn.steer':
      return decideTurnSteer(state, command, context);
    case 'turn.interrupt':
      return decideTurnInterrupt(state, context);
    case 'turn.unqueue':
      return decideTurnUnqueue(state, command, context);
    case 'approval.answer':
      return decideApprovalAnswer(state, command, context);
    case 'question.answer':
      return decideQuestionAnswer(state, command, context);
    case 'agent.report':
      return { ok: true, events: decideReport(state, command.report, context) };
    case 'session.note':
      return accept(command.event);
    case 'session.settle':
      return decideSettle(state, command, context);
    default:
      return assertNever(command);
  }
}

function decideCreate(state: SessionState, command: CommandOf<'session.create'>, context: DecisionContext): Decision {
  if (state.status !== 'none') return refuse('conflict', `Session "${state.id}" exists already`);
  const { by } = context;
  const turnId = command.turnId ?? context.freshTurnId;
  const { backend, cwd, title, model, mode, effort } = command;
  return accept(
    {
      type: 'session.created',
      backend,
      cwd,
      ...(title === undefined ? {} : { title }),
      ...(model === undefined ? {} : { model }),
      ...(mode === undefined ? {} : { mode }),
      ...(effort === undefined ? {} : { effort }),
      by,
    },
    { type: 'session.start-requested', by },
    ...(command.prompt === undefined ? [] : [{ type: 'turn.started' as const, turnId, input: command.prompt, by }]),
  );
}

function decideImport(state: SessionState, { created, past }: SessionImportCommand): Decision {
  if (state.status !== 'none') return refuse('conflict', `Session "${state.id}" exists already`);
  return accept({ ...created, inherited: past.length }, ...past);
}

// A process that only waited ended with the server: nothing failed.
function decideSettle(state: OpenSession, command: SessionSettleCommand, context: DecisionContext): Decision {
  // An asked end holds the queue, whoever notices it.
  const held = state.agent.phase === 'stopping' && !state.agent.wanted;
  const resume = command.resume && !held;
  const idle = state.turn === undefined && state.agent.phase !== 'starting';
  const end = idle ? { expected: true } : { expected: false, failure: command.failure };
  return accept(...settle(state, { ...end, code: null, signal: null, resume }, context));
}

function decideConfigure(
  state: OpenSession,
  command: CommandOf<'session.configure'>,
  context: DecisionContext,
): Decision {
  const modes = state.offer?.modes ?? [];
  if (command.mode !== undefined && modes.length > 0 && !modes.some((each) => each.id === command.mode)) {
    const known = modes.map((each) => `"${each.id}"`).join(', ');
    return refuse('invalid-input', `The agent of session "${state.id}" has no mode "${command.mode}": it has ${known}`);
  }
  const title = changed(state.title, command.title);
  const model = changed(state.model, command.model);
  const mode = changed(state.mode, command.mode);
  const effort = changed(state.effort, command.effort);
  const fields = {
    ...(title === undefined ? {} : { title }),
    ...(model === undefined ? {} : { model }),
    ...(mode === undefined ? {} : { mode }),
    ...(effort === undefined ? {} : { effort }),
  };
  if (Object.keys(fields).length === 0) return accept();
  return accept({ type: 'session.configured', ...fields, by: context.by });
}

function changed(before: string | undefined, after: string | undefined): string | undefined {
  return after === before ? undefined : after;
}

function decideStop(state: OpenSession, { by }: DecisionContext): Decision {
  if (state.agent.phase === 'down') return accept();
  if (state.agent.phase === 'stopping' && !state.agent.wanted) return accept();
  return accept({ type: 'session.stop-requested', by });
}

function decideStart(state: OpenSession, { by }: DecisionContext): Decision {
  switch (state.agent.phase) {
    case 'down':
      return accept({ type: 'session.start-requested', by }, ...startNextTurn(state));
    case 'stopping':
      return state.agent.wanted ? accept() : accept({ type: 'session.start-requested', by });
    default:
      return accept();
  }
}

function decideArchive(state: OpenSession, command: CommandOf<'session.archive'>, context: DecisionContext): Decision {
  if (state.archived === command.archived) return accept();
  const { by } = context;
  const runs = state.agent.phase === 'starting' || state.agent.phase === 'up';
  return accept(
    { type: 'session.archived', archived: command.archived, by },
    ...(command.archived && runs ? [{ type: 'session.stop-requested' as const, by }] : []),
  );
}
