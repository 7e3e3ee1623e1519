import type { SessionId } from '@baton/protocol';
import type { SessionState } from '../session/state.ts';
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
      if (state.status === 'none') return undefined;
      return { sessionId, backend: state.backend, user: state.by, background: state.background ?? false };
    default:
      return undefined;
  }
}
