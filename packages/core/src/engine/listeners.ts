import type { RecordedEvent, SessionId, SessionView } from '@baton/protocol';
import type { AgentTold } from '../ports/conversation-keeper.ts';
import type { Engine, RecordedListener, ToldListener } from './engine.ts';

/** Who hears of what was recorded. One that fails takes nothing from the others, nor from the session. */
export interface Listeners extends Pick<Engine, 'onRecorded' | 'onDeleted' | 'onTold'> {
  recorded(view: SessionView, recorded: readonly RecordedEvent[]): void;
  deleted(sessionId: SessionId): void;
  told(backend: string, told: AgentTold): void;
}

export function createListeners(onFault: (error: unknown) => void): Listeners {
  const recordings = new Set<RecordedListener>();
  const deletions = new Set<(sessionId: SessionId) => void>();
  const tellings = new Set<ToldListener>();

  function attempt(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      onFault(error);
    }
  }

  return {
    onRecorded(listener) {
      recordings.add(listener);
      return () => recordings.delete(listener);
    },
    onDeleted(listener) {
      deletions.add(listener);
      return () => deletions.delete(listener);
    },
    onTold(listener) {
      tellings.add(listener);
      return () => tellings.delete(listener);
    },
    recorded(view, recorded) {
      for (const listener of recordings) attempt(() => listener(recorded, view));
    },
    deleted(sessionId) {
      for (const listener of deletions) attempt(() => listener(sessionId));
    },
    told(backend, told) {
      for (const listener of tellings) attempt(() => listener(backend, told));
    },
  };
}
