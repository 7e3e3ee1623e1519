import { createId, isAppError, toPlainText, type InputPart, type SessionView } from '@baton/protocol';
import { CornerDownRight, Pencil, X } from 'lucide-react';
import { useState } from 'react';
import { useClient } from '../../live/baton-provider.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { showToast } from '../../ui/toast.tsx';

export interface QueueListProps {
  session: SessionView;
  /** Puts a prompt that was taken out of the queue back into the composer. */
  onEdit(input: readonly InputPart[]): void;
}

// A finger of its own for each, side by side and row by row.
const BUTTON = 'coarse:size-11';

/** Prompts that wait for the running turn, in the order in which they will start. */
export function QueueList({ session, onEdit }: QueueListProps) {
  const client = useClient();
  const [leaving, setLeaving] = useState<ReadonlySet<string>>(new Set());
  if (session.queue.length === 0) return null;
  const requeue = (input: readonly InputPart[]) => {
    const turnId = createId('turn');
    client.send({ type: 'turn.start', sessionId: session.id, turnId, input: [...input] }).catch((error: unknown) => {
      const description = isAppError(error) ? error.message : undefined;
      showToast({ title: 'The prompt was not queued again', description, tone: 'failed' });
    });
  };
  const onRemoved = (input: readonly InputPart[]) =>
    showToast({ title: 'Prompt removed', action: { label: 'Queue it again', run: () => requeue(input) } });
  const unqueue = (queued: SessionView['queue'][number], then: (input: readonly InputPart[]) => void) => {
    if (leaving.has(queued.turnId)) return;
    setLeaving((before) => new Set([...before, queued.turnId]));
    client.send({ type: 'turn.unqueue', sessionId: session.id, turnId: queued.turnId }).then(
      () => then(queued.input),
      (error: unknown) => {
        setLeaving((before) => new Set([...before].filter((id) => id !== queued.turnId)));
        const description = isAppError(error) ? error.message : undefined;
        showToast({ title: 'The prompt stays in the queue', description, tone: 'failed' });
      },
    );
  };
  return (
    <ol aria-label="Waiting prompts" className="mb-2 flex flex-col gap-1">
      {session.queue.map((queued) => (
        <li
          key={queued.turnId}
          className="flex items-center gap-2 rounded-md border border-line bg-surface py-1 pr-1 pl-2.5 text-sm data-leaving:opacity-50 coarse:gap-1 coarse:py-0 coarse:pr-0"
          data-leaving={leaving.has(queued.turnId) || undefined}
        >
          <CornerDownRight size={14} strokeWidth={1.75} aria-hidden="true" className="shrink-0 text-ink-3" />
          <span className="min-w-0 flex-1 truncate text-ink-2">{toPlainText(queued.input)}</span>
          <span className="shrink-0 text-xs text-ink-3">queued</span>
          <IconButton
            size="sm"
            label="Edit this prompt"
            icon={<Pencil size={14} strokeWidth={1.75} />}
            onClick={() => unqueue(queued, onEdit)}
            className={BUTTON}
          />
          <IconButton
            size="sm"
            label="Remove this prompt"
            icon={<X size={14} strokeWidth={1.75} />}
            onClick={() => unqueue(queued, onRemoved)}
            className={BUTTON}
          />
        </li>
      ))}
    </ol>
  );
}
