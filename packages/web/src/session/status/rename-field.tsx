import type { SessionView } from '@baton/protocol';
import { useState, type KeyboardEvent } from 'react';
import { useClient } from '../../live/baton-provider.tsx';
import { showToast } from '../../ui/toast.tsx';
import { toFailureWords } from '../failure-words.ts';

/** A new title, in place: Enter keeps it, Escape does not. */
export function RenameField({ session, onDone }: { session: SessionView; onDone(): void }) {
  const client = useClient();
  const [title, setTitle] = useState(session.title);
  const save = () => {
    onDone();
    const next = title.trim();
    if (next === '' || next === session.title) return;
    client.send({ type: 'session.configure', sessionId: session.id, title: next }).catch((error: unknown) => {
      const description = toFailureWords(error, 'The title did not arrive');
      showToast({ title: 'Not renamed', description, tone: 'failed' });
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') save();
    if (event.key === 'Escape') onDone();
    if (event.key === 'Enter' || event.key === 'Escape') event.stopPropagation();
  };
  return (
    <input
      autoFocus
      value={title}
      maxLength={300}
      aria-label="Title of the session"
      onFocus={(event) => event.target.select()}
      onChange={(event) => setTitle(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={save}
      className="h-6 w-full max-w-80 min-w-0 rounded-sm border border-line-control bg-surface px-1.5 text-ink coarse:h-11 coarse:text-[max(16px,var(--ui-size))]"
    />
  );
}
