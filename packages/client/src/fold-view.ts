import { invariant, type RecordedEvent, type SessionView } from '@baton/protocol';
import { evolve, noSession, toSessionView, type OpenSession } from '@baton/core';

/** A session's view and what is needed to fold it further. The view is the same value until an event changes it. */
export interface ViewFold {
  state: OpenSession;
  view: SessionView;
  /** The seq up to which `view.agent` is known. Views of lists come without it, so it may lag behind the rest. */
  agentSeq: number;
}

/** Begins with a view the server made. */
export function toViewFold(view: SessionView): ViewFold {
  return { view, state: toState(view), agentSeq: view.agent === undefined ? 0 : view.seq };
}

/** The view after one more event. What it already includes changes nothing; without a view it begins at `session.created`. */
export function foldView(fold: ViewFold | undefined, recorded: RecordedEvent): ViewFold | undefined {
  if (fold !== undefined && recorded.seq <= fold.state.seq) return foldAgent(fold, recorded);
  if (fold === undefined && recorded.event.type !== 'session.created') return undefined;
  const state = evolve(fold?.state ?? noSession, recorded);
  if (state.status === 'none') return undefined;
  const agentSeq = tellsOfAgent(recorded) ? recorded.seq : (fold?.agentSeq ?? 0);
  return { state, view: withPlace(toSessionView(state), fold?.view), agentSeq };
}

// What is not in the log stays until the server tells otherwise; an agent that is there does not wait for a place.
function withPlace(view: SessionView, before: SessionView | undefined): SessionView {
  return before?.waiting === undefined || view.state !== 'starting' ? view : { ...view, waiting: before.waiting };
}

const tellsOfAgent = ({ event }: RecordedEvent) => event.type === 'agent.started' || event.type === 'agent.ready';

// An event that a list's view has overtaken: what it says of the agent is news all the same.
function foldAgent(fold: ViewFold, recorded: RecordedEvent): ViewFold {
  if (recorded.seq <= fold.agentSeq || !tellsOfAgent(recorded)) return fold;
  const told = evolve(fold.state, recorded);
  if (told.status === 'none') return fold;
  const { version, offer } = told;
  const state = { ...fold.state, ...withoutUndefined({ version, offer }) };
  const { quietSince } = fold.view;
  const view = { ...withPlace(toSessionView(state), fold.view), ...withoutUndefined({ quietSince }) };
  return { state, view, agentSeq: recorded.seq };
}

// The state a view stands for, as far as it can be told. What cannot (whether the agent is just being stopped) the
// server's own view settles, which follows every change.
function toState(view: SessionView): OpenSession {
  const { title, queue, pending, usage, turn, agent, state: name, stopReason, ...rest } = view;
  return {
    ...createState(view),
    ...withoutUndefined(rest),
    ...(isFolderName(title, view.cwd) ? {} : { title }),
    agent: toAgentPhase(name, stopReason),
    ...toOffer(agent),
    ...(turn === undefined ? {} : { turn }),
    queue,
    approvals: pending.approvals,
    questions: pending.questions,
    usage,
  };
}

function createState({ id, backend, cwd, createdAt }: SessionView): OpenSession {
  const event = { type: 'session.created' as const, backend, cwd, by: '' };
  const state = evolve(noSession, { sessionId: id, seq: 1, at: createdAt, event });
  invariant(state.status === 'open', 'a created session is open');
  return state;
}

function toAgentPhase(name: SessionView['state'], reason: SessionView['stopReason']): OpenSession['agent'] {
  switch (name) {
    case 'idle':
    case 'running':
    case 'waiting':
      return { phase: 'up' };
    case 'starting':
      return { phase: 'starting' };
    case 'stopped':
      return { phase: 'down', asked: true, restarted: false, ...withoutUndefined({ reason }) };
    case 'failed':
      return { phase: 'down', asked: false, restarted: false };
  }
}

function toOffer(agent: SessionView['agent']): Pick<OpenSession, 'version' | 'offer'> {
  if (agent === undefined) return {};
  const { version, ...offer } = agent;
  return { version, offer };
}

// A session without a title is called after its folder until its first prompt.
function isFolderName(title: string, cwd: string): boolean {
  return title === cwd.split(/[\\/]/).findLast((part) => part !== '');
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Defined<T>;
}
