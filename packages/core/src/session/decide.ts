import type { CommandOf, EventOf } from '@baton/protocol';
import { assertNever } from '@baton/protocol';
import { decideApprovalAnswer, decideQuestionAnswer } from './decide-answer.ts';
import { decideCatchUp } from './decide-catch-up.ts';
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
import { settle, toUnheard } from './settle.ts';
import { stopAgent } from './stop-agent.ts';
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
    case 'session.catch-up':
      return decideCatchUp(state, command);
    case 'session.note':
      return accept(command.event);
    case 'session.admit':
      return accept(...(state.agent.phase === 'starting' && state.turn === undefined ? startNextTurn(state) : []));
    case 'session.sleep':
      return accept(...(isIdle(state) ? stopAgent(state, context, command.reason) : []));
    case 'session.leave':
      return accept(...(isRunning(state) ? stopAgent(state, context, 'unwatched') : []));
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
  const { backend, cwd, title, model, mode, effort, background, prompt } = command;
  const first = context.mayStart ? ('turn.started' as const) : ('turn.queued' as const);
  return accept(
    {
      type: 'session.created',
      backend,
      cwd,
      ...(title === undefined ? {} : { title }),
      ...(model === undefined ? {} : { model }),
      ...(mode === undefined ? {} : { mode }),
      ...(effort === undefined ? {} : { effort }),
      ...(background === true ? { background } : {}),
      by,
    },
    { type: 'session.start-requested', by },
    ...(prompt === undefined ? [] : [{ type: first, turnId, input: prompt, by }]),
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
  const again = resume ? toUnheard(state, command.heard) : undefined;
  return accept(...settle(state, { ...end, code: null, signal: null, resume, again }, context));
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
  const fields = findChanges(state, command);
  if (Object.keys(fields).length === 0) return accept();
  return accept({ type: 'session.configured', ...fields, by: context.by });
}

const SETTINGS = ['title', 'model', 'mode', 'effort'] as const;

function findChanges(
  state: OpenSession,
  command: CommandOf<'session.configure'>,
): Omit<EventOf<'session.configured'>, 'type' | 'by'> {
  const { stopUnwatchedMinutes: minutes } = command;
  const changed = SETTINGS.filter((key) => command[key] !== undefined && command[key] !== state[key]);
  return {
    ...Object.fromEntries(changed.map((key) => [key, command[key]])),
    ...(minutes === undefined || minutes === (state.stopUnwatchedMinutes ?? 0)
      ? {}
      : { stopUnwatchedMinutes: minutes }),
  };
}

function decideStop(state: OpenSession, context: DecisionContext): Decision {
  if (state.agent.phase === 'down') return accept();
  if (state.agent.phase === 'stopping' && !state.agent.wanted) return accept();
  return accept(...stopAgent(state, context));
}

function isIdle(state: OpenSession): boolean {
  return state.agent.phase === 'up' && state.turn === undefined && state.queue.length === 0;
}

function isRunning({ agent }: OpenSession): boolean {
  return agent.phase === 'starting' || agent.phase === 'up' || (agent.phase === 'stopping' && agent.wanted);
}

function decideStart(state: OpenSession, { by, mayStart }: DecisionContext): Decision {
  switch (state.agent.phase) {
    case 'down':
      return accept({ type: 'session.start-requested', by }, ...(mayStart ? startNextTurn(state) : []));
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
    ...(command.archived && runs ? stopAgent(state, context) : []),
  );
}
