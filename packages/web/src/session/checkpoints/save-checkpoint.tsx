import type { SessionId } from '@baton/protocol';
import { BookmarkPlus } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { useApi } from '../../live/baton-provider.tsx';
import { Button } from '../../ui/button.tsx';
import { announce } from '../../ui/live-region.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { toFailureWords } from '../failure-words.ts';
import { useRefreshCheckpoints } from './use-checkpoints.ts';

/** Keeps the working tree as it is now, under a name if one is given. */
export function SaveCheckpoint({ sessionId }: { sessionId: SessionId }) {
  const api = useApi();
  const refresh = useRefreshCheckpoints(sessionId);
  const [title, setTitle] = useState('');
  const [state, setState] = useState<{ busy: boolean; problem?: string }>({ busy: false });
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    if (state.busy) return;
    setState({ busy: true });
    const name = title.trim();
    api.call('createCheckpoint', { params: { id: sessionId }, body: name === '' ? {} : { title: name } }).then(
      () => {
        setTitle('');
        setState({ busy: false });
        announce('Checkpoint saved');
        refresh();
      },
      (error: unknown) => setState({ busy: false, problem: toFailureWords(error, 'The checkpoint was not saved') }),
    );
  };
  return (
    <form onSubmit={save} className="flex items-start gap-2 border-b border-line px-4 py-3">
      <TextField
        label="Name of the checkpoint"
        labelHidden
        placeholder="Name"
        maxLength={300}
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        error={state.problem}
        className="flex-1"
      />
      <Button
        type="submit"
        disabled={state.busy}
        icon={<BookmarkPlus size={16} strokeWidth={1.75} />}
        className="coarse:h-11"
      >
        Save a checkpoint
      </Button>
    </form>
  );
}
