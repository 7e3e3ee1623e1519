import { isAppError, type CommandInput, type SessionId } from '@baton/protocol';
import { useMemo } from 'react';
import { useClient } from '../live/baton-provider.tsx';
import { showToast } from '../ui/toast.tsx';

export interface SessionActions {
  stop(): void;
  start(): void;
  archive(): void;
  unarchive(): void;
  interrupt(): void;
  /** Ends the agent with all it does and starts it again, in the same conversation. */
  restart(): void;
  /** Ends the agent when nobody has watched for so long; 0: never. */
  stopUnwatched(minutes: number): void;
}

/** What can be done to a session as a whole. A refusal is shown in passing; the session itself shows what became of it. */
export function useSessionActions(sessionId: SessionId): SessionActions {
  const client = useClient();
  return useMemo(() => {
    const send = (command: CommandInput, refused: string) => {
      client.send(command).catch((error: unknown) => {
        showToast({ title: refused, description: isAppError(error) ? error.message : undefined, tone: 'failed' });
      });
    };
    const archive = (archived: boolean) =>
      send({ type: 'session.archive', sessionId, archived }, archived ? 'Not archived' : 'Not brought back');
    return {
      stop: () => send({ type: 'session.stop', sessionId }, 'The agent was not stopped'),
      restart: () => {
        send({ type: 'session.stop', sessionId }, 'The agent was not restarted');
        send({ type: 'session.start', sessionId }, 'The agent was stopped and not started again');
      },
      start: () => send({ type: 'session.start', sessionId }, 'The agent was not started'),
      interrupt: () => send({ type: 'turn.interrupt', sessionId }, 'The turn was not interrupted'),
      stopUnwatched: (stopUnwatchedMinutes) =>
        send({ type: 'session.configure', sessionId, stopUnwatchedMinutes }, 'The choice was not saved'),
      archive: () => {
        archive(true);
        showToast({ title: 'Session archived', action: { label: 'Bring it back', run: () => archive(false) } });
      },
      unarchive: () => archive(false),
    };
  }, [client, sessionId]);
}
