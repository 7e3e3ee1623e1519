import type { SessionId } from '@baton/protocol';
import type { OpenSession, SessionState } from '../session/state.ts';
import type { Applicant } from './admission.ts';
import type { CommandRequest } from './job-queue.ts';

/** In whose name a command asks for an agent; undefined for commands that ask for none. */
export function toApplicant(
  sessionId: SessionId,
  state: SessionState,
  { command, by }: CommandRequest,
): Applicant | undefined {
  switch (command.type) {
    case 'session.create':
      return { sessionId, backend: command.backend, user: by, background: command.background ?? false };
    case 'session.start':
    case 'session.settle':
    case 'turn.start':
      return state.status === 'none' ? undefined : toApplicantOf(state);
    default:
      return undefined;
  }
}

/** In whose name a session's agent runs. */
export function toApplicantOf({ id, backend, by, background = false }: OpenSession): Applicant {
  return { sessionId: id, backend, user: by, background };
}
