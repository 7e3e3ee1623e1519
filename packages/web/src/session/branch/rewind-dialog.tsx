import type { FileDiff, SessionId, TurnId } from '@baton/protocol';
import { CircleAlert } from 'lucide-react';
import { useRef, useState } from 'react';
import { useApi, useSession } from '../../live/baton-provider.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { DialogFoot } from '../../ui/dialog-foot.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SpinnerAfter } from '../../ui/spinner-after.tsx';
import { showToast } from '../../ui/toast.tsx';
import { toRestoreWords } from '../checkpoints/checkpoint-words.ts';
import { FileDiffList } from '../checkpoints/file-diff-list.tsx';
import { useCheckpointDiff, useCheckpointOfTurn, useRefreshCheckpoints } from '../checkpoints/use-checkpoints.ts';
import { toFailureWords } from '../failure-words.ts';
import { formatCount } from '../figures.ts';
import { toRewindPlan, toRewindWords } from './rewind-plan.ts';

export interface RewindDialogProps {
  sessionId: SessionId;
  turnId: TurnId;
  onClose(): void;
}

type Scope = 'talk' | 'talk-and-files';

/** Says what going back takes away, turns and files, before it does. */
export function RewindDialog({ sessionId, turnId, onClose }: RewindDialogProps) {
  const { timeline } = useSession(sessionId);
  const plan = toRewindPlan(timeline.turns, turnId);
  const [scope, setScope] = useState<Scope>('talk');
  const files = useFilesSince(sessionId, turnId);
  const keep = useRef<HTMLButtonElement>(null);
  const { busy, problem, goBack } = useGoBack({ sessionId, turnId, onClose });
  const isReady = scope === 'talk' || files.state === 'known';
  const shown = scope === 'talk' || files.state !== 'known' ? undefined : files.files;
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title="Go back to the end of this turn?"
      initialFocus={keep}
      footer={
        <DialogFoot cancel="Stay here" cancelRef={keep} onCancel={onClose} problem={problem}>
          <Button
            variant="danger"
            disabled={busy || plan.running || !isReady || plan.prompts.length === 0}
            onClick={() => goBack(scope === 'talk-and-files')}
          >
            Take back {toRewindWords(plan.prompts.length, shown)}
          </Button>
        </DialogFoot>
      }
    >
      <div className="flex flex-col gap-4 px-4 pb-4 text-base">
        <Segmented<Scope>
          label="What goes back"
          labelHidden
          value={scope}
          onChange={setScope}
          options={[
            { value: 'talk', title: 'Talk only' },
            { value: 'talk-and-files', title: 'Talk and files' },
          ]}
        />
        <TakenBack prompts={plan.prompts} />
        {scope === 'talk' ? (
          <p className="text-sm text-ink-3">Files stay as they are now.</p>
        ) : (
          <FilesBack files={files} />
        )}
        {plan.running && <Problem text="A turn is running. Stop it first, then go back." />}
      </div>
    </Dialog>
  );
}

function TakenBack({ prompts }: { prompts: readonly string[] }) {
  return (
    <section aria-label="Turns that are taken back">
      <h3 className="mb-1 text-sm font-medium">{formatCount(prompts.length, 'turn')} will be taken back</h3>
      <ol className="flex flex-col gap-0.5">
        {prompts.map((prompt, index) => (
          <li key={index} className="truncate text-sm text-ink-2">
            {prompt}
          </li>
        ))}
      </ol>
    </section>
  );
}

type FilesSince =
  | { readonly state: 'loading' }
  | { readonly state: 'none' }
  | { readonly state: 'failed'; readonly message: string }
  | { readonly state: 'known'; readonly files: readonly FileDiff[]; readonly truncated: boolean };

function useFilesSince(sessionId: SessionId, turnId: TurnId): FilesSince {
  const { data: checkpoint, error: missing } = useCheckpointOfTurn(sessionId, turnId);
  const diff = useCheckpointDiff(checkpoint?.id, 'now');
  const error = missing ?? diff.error;
  if (error !== null) return { state: 'failed', message: error.message };
  if (checkpoint === null) return { state: 'none' };
  if (checkpoint === undefined) return { state: 'loading' };
  if (diff.data === undefined || diff.data.from !== checkpoint.id) return { state: 'loading' };
  return { state: 'known', files: diff.data.files, truncated: diff.data.truncated };
}

function FilesBack({ files }: { files: FilesSince }) {
  switch (files.state) {
    case 'loading':
      return <SpinnerAfter what="Comparing the files" className="flex items-center gap-2 text-sm text-ink-3" />;
    case 'none':
      return <Problem text="No checkpoint was made at the end of this turn, so only the talk can go back." />;
    case 'failed':
      return <Problem text={files.message} />;
    case 'known':
      return (
        <section aria-label="Files that go back">
          <h3 className="mb-1 text-sm font-medium">
            {files.files.length === 0
              ? 'No file has changed since'
              : `${formatCount(files.files.length, 'file')}${files.truncated ? ' and more' : ''} will go back`}
          </h3>
          <FileDiffList files={files.files} toWords={toRestoreWords} />
          {files.files.length > 0 && (
            <p className="mt-1.5 text-sm text-ink-3">The files as they are now are saved as a checkpoint first.</p>
          )}
        </section>
      );
  }
}

function Problem({ text }: { text: string }) {
  return (
    <p role="alert" className="flex items-start gap-1.5 text-sm text-failed">
      <CircleAlert size={14} strokeWidth={1.75} aria-hidden="true" className="mt-0.5 shrink-0" />
      {text}
    </p>
  );
}

function useGoBack({ sessionId, turnId, onClose }: RewindDialogProps) {
  const api = useApi();
  const refresh = useRefreshCheckpoints(sessionId);
  const [state, setState] = useState<{ busy: boolean; problem?: string }>({ busy: false });
  const goBack = (files: boolean) => {
    setState({ busy: true });
    api.call('rewindSession', { params: { id: sessionId }, body: { turnId, files } }).then(
      () => {
        onClose();
        refresh();
        const description = files ? 'The files before are saved under Checkpoints.' : 'Files stay as they are.';
        showToast({ title: 'Went back', description });
      },
      (error: unknown) => setState({ busy: false, problem: toFailureWords(error, 'Nothing was taken back') }),
    );
  };
  return { ...state, problem: state.problem, goBack };
}
