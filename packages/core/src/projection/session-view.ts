import type { InputPart, SessionView } from '@baton/protocol';
import type { OpenSession } from '../session/state.ts';
import { toStateName } from '../session/state-name.ts';

/** A session as lists and cards show it. */
export function toSessionView(state: OpenSession): SessionView {
  return {
    id: state.id,
    title: state.title ?? (state.firstPrompt || folderName(state.cwd)),
    backend: state.backend,
    cwd: state.cwd,
    ...pick(state, [
      'model',
      'mode',
      'effort',
      'costUsd',
      'context',
      'failure',
      'preview',
      'parent',
      'nativeId',
      'background',
      'stopUnwatchedMinutes',
    ]),
    ...toModelTitle(state),
    state: toStateName(state),
    ...(state.agent.phase === 'down' && state.agent.reason !== undefined ? { stopReason: state.agent.reason } : {}),
    ...toJoin(state),
    archived: state.archived,
    seq: state.seq,
    ...(state.turn === undefined ? {} : { turn: toTurn(state.turn) }),
    queue: [...state.queue],
    pending: { approvals: [...state.approvals], questions: [...state.questions] },
    usage: state.usage,
    ...(state.offer === undefined ? {} : { agent: { version: state.version ?? '', ...state.offer } }),
    createdAt: state.createdAt,
    updatedAt: state.updatedAt,
  };
}

// Lists do not carry all that the agent offers, and name the model all the same.
function toModelTitle({ model, offer }: OpenSession): Pick<SessionView, 'modelTitle'> {
  const title = offer?.models.find(({ id }) => id === model)?.title;
  return title === undefined ? {} : { modelTitle: title };
}

// An agent stores a conversation with its first turn, and nobody can come into one that is not stored.
function toJoin({ agent, usage }: OpenSession): Pick<SessionView, 'join'> {
  return agent.phase === 'up' && agent.join !== undefined && usage.outputTokens > 0 ? { join: agent.join } : {};
}

function toTurn({ turnId, by, startedAt, interrupting }: NonNullable<OpenSession['turn']>) {
  return { turnId, by, startedAt, interrupting };
}

function folderName(cwd: string): string {
  return cwd.split(/[\\/]/).findLast((part) => part !== '') ?? cwd;
}

// Keeps only what is there: an absent field stays absent in JSON and in types.
function pick<K extends keyof OpenSession>(state: OpenSession, keys: readonly K[]): Partial<Pick<OpenSession, K>> {
  const picked: Partial<Pick<OpenSession, K>> = {};
  for (const key of keys) if (state[key] !== undefined) picked[key] = state[key];
  return picked;
}

/**
 * A view as lists carry it: without what the agent offers and without the images of waiting prompts, which together can be
 * a thousand times the rest. `GET /sessions/:id` has them.
 */
export function toListedView(view: SessionView): SessionView {
  const { agent: _, ...listed } = view;
  return { ...listed, queue: view.queue.map((turn) => ({ ...turn, input: turn.input.map(withoutImage) })) };
}

function withoutImage(part: InputPart): InputPart {
  return part.type === 'image' ? { type: 'text', text: '[image]' } : part;
}
