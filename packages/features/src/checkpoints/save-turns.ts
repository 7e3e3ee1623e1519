import type { BegunTurn, Engine } from '@baton/core';
import {
  type EventOf,
  isAppError,
  type RecordedEvent,
  type SessionId,
  type SessionView,
  toPlainText,
  type TurnId,
} from '@baton/protocol';
import type { CheckpointKeeper } from './checkpoint-keeper.ts';

export interface TurnSaver {
  hear(recorded: readonly RecordedEvent[], view: SessionView): void;
  /** Resolves when the folder is saved as it is before the turn. Never rejects. */
  saveStart(turn: BegunTurn): Promise<void>;
  /** A checkpoint was made by hand: what was given up may work again. */
  retry(folder: string): void;
  /** Resolves when every turn that has ended in this folder by now is saved, or given up. */
  settled(folder: string): Promise<void>;
}

const TITLE_LENGTH = 80;

/** Saves the folder before a person's turn, when it is not saved as it is, and at the end of every turn. */
export function createTurnSaver(
  keeper: CheckpointKeeper,
  { engine, onFault }: { engine: Engine; onFault(error: unknown): void },
): TurnSaver {
  const prompts = new Map<TurnId, string>();
  /** Folders that are too large, or on a machine without git: not tried again by itself. */
  const givenUp = new Set<string>();
  const pending = new Map<Promise<void>, string>();

  function hear(recorded: readonly RecordedEvent[], view: SessionView): void {
    if (isPast(recorded)) return;
    // With a prompt the first save comes at once.
    const hasBegun = recorded.some(({ event }) => event.type === 'turn.started');
    for (const { event } of recorded) {
      if (event.type === 'session.created' && !hasBegun)
        void attempt(view.id, view.cwd, () => keeper.readAhead(view.cwd));
      if (event.type === 'turn.started') prompts.set(event.turnId, toTitle(event));
      if (event.type === 'turn.ended') void saveEnd(view, event.turnId);
    }
  }

  function saveStart({ sessionId, cwd: folder, turnId }: BegunTurn): Promise<void> {
    const title = `Before “${prompts.get(turnId) ?? 'a turn'}”`;
    return attempt(sessionId, folder, () =>
      keeper.saveChanged({ sessionId, folder, title, trigger: 'turn-started', turnId }),
    );
  }

  function saveEnd({ id: sessionId, cwd: folder }: SessionView, turnId: TurnId): Promise<void> {
    const title = `After “${prompts.get(turnId) ?? 'a turn'}”`;
    prompts.delete(turnId);
    return attempt(sessionId, folder, () => keeper.save({ sessionId, folder, title, trigger: 'turn-ended', turnId }));
  }

  function attempt(sessionId: SessionId, folder: string, save: () => Promise<unknown>): Promise<void> {
    const saving = tryToSave(sessionId, folder, save).finally(() => pending.delete(saving));
    pending.set(saving, folder);
    return saving;
  }

  async function tryToSave(sessionId: SessionId, folder: string, save: () => Promise<unknown>): Promise<void> {
    if (givenUp.has(folder)) return;
    try {
      await save();
    } catch (error) {
      if (!isAppError(error) || !QUIET.has(error.kind)) onFault(error);
      if (!isAppError(error) || !FINAL.has(error.kind) || givenUp.has(folder)) return;
      givenUp.add(folder);
      const text = `There will be no checkpoints by themselves here. ${error.message}.`;
      await engine.note(sessionId, { type: 'notice.raised', level: 'warning', text });
    }
  }

  return {
    hear,
    saveStart,
    retry: (folder) => void givenUp.delete(folder),
    async settled(folder) {
      await Promise.all([...pending].flatMap(([saving, where]) => (where === folder ? [saving] : [])));
    },
  };
}

const FINAL: ReadonlySet<string> = new Set(['payload-too-large', 'capability-missing']);
const QUIET: ReadonlySet<string> = new Set([...FINAL, 'shutting-down', 'not-found', 'forbidden']);

// A fork, an import, or what was said outside Baton: those turns ended elsewhere, or long ago.
function isPast(recorded: readonly RecordedEvent[]): boolean {
  const first = recorded[0]?.event;
  return first?.type === 'session.continued' || (first?.type === 'session.created' && (first.inherited ?? 0) > 0);
}

function toTitle({ input }: EventOf<'turn.started'>): string {
  const line = toPlainText(input).trim().split('\n')[0] ?? '';
  const text = line === '' ? 'a turn' : line;
  return text.length > TITLE_LENGTH ? `${text.slice(0, TITLE_LENGTH)}…` : text;
}
