import { createApi } from '@baton/client';
import type { SessionView } from '@baton/protocol';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { DialogFoot } from '../../ui/dialog-foot.tsx';
import { WholePath } from '../../ui/whole-path.tsx';
import { toFailureWords } from '../failure-words.ts';

export interface DeleteDialogProps {
  session: SessionView;
  onClose(): void;
}

/** Asks before a session with all its history goes for good. */
export function DeleteDialog({ session, onClose }: DeleteDialogProps) {
  const navigate = useNavigate();
  const keep = useRef<HTMLButtonElement>(null);
  const [state, setState] = useState<{ busy: boolean; problem?: string }>({ busy: false });
  const remove = () => {
    setState({ busy: true });
    const api = createApi({ url: location.origin });
    api.call('deleteSession', { params: { id: session.id } }).then(
      () => {
        onClose();
        void navigate({ to: '/' });
      },
      (error: unknown) => setState({ busy: false, problem: toFailureWords(error, 'The session was not deleted') }),
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      size="sm"
      title="Delete this session?"
      initialFocus={keep}
      footer={
        <DialogFoot cancel="Keep session" cancelRef={keep} onCancel={onClose} problem={state.problem}>
          <Button variant="danger" disabled={state.busy} onClick={remove}>
            Delete session
          </Button>
        </DialogFoot>
      }
    >
      <p className="px-4 pb-4 text-base text-ink-2">
        <span className="font-medium text-ink">{session.title}</span> and its whole history will be gone. Files in{' '}
        <code className="text-code">
          <WholePath path={session.cwd} />
        </code>{' '}
        stay as they are.
      </p>
    </Dialog>
  );
}
