import type { BackendView, FoundSession, SessionId, SessionView } from '@baton/protocol';

/** What can be done with a stored conversation, and what is said about it. */
export interface ResumeChoice {
  words: string;
  canResume: boolean;
  canFork: boolean;
  /** The session that goes on with it already. */
  own?: SessionId;
}

export interface ResumeFacts {
  session: Pick<FoundSession, 'backend' | 'nativeId' | 'live'>;
  /** What the agent is called. */
  title: string;
  /** Undefined until the server has told. */
  agent: Pick<BackendView, 'installed' | 'capabilities' | 'problem'> | undefined;
  sessions: readonly Pick<SessionView, 'id' | 'backend' | 'nativeId'>[];
}

/** Decides from what is known; the server decides for good. Pure. */
export function toResumeChoice({ session, title, agent, sessions }: ResumeFacts): ResumeChoice {
  const { backend, nativeId, live } = session;
  const own = sessions.find((each) => each.backend === backend && each.nativeId === nativeId)?.id;
  if (agent !== undefined && !agent.installed) {
    const words = agent.problem ?? `${title} is not installed on this machine. Install it to go on.`;
    return { words, canResume: false, canFork: false };
  }
  const canFork = agent?.capabilities.includes('fork') !== false;
  if (own !== undefined) {
    return { words: 'Baton goes on with this conversation already.', canResume: false, canFork, own };
  }
  if (live) {
    const fork = canFork ? ', or fork it and leave that one alone' : '';
    return { words: `Open in a terminal now. End it there to go on here${fork}.`, canResume: false, canFork };
  }
  const canResume = agent?.capabilities.includes('resume') !== false;
  if (!canResume) return { words: `${title} cannot take up its own conversations again.`, canResume, canFork };
  return { words: `Began in ${title} itself. It can go on here, under its own id.`, canResume, canFork };
}
