import type { SessionView } from '@baton/protocol';
import { type ReactNode, Suspense, useState } from 'react';
import { lazyPart } from '../../live/lazy-part.ts';
import { AgentName } from '../../sessions/agent-badge.tsx';
import { toShownState } from '../../sessions/shown-state.ts';
import { ComingDialog } from '../../ui/coming-dialog.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { STATE_WORDS } from '../../ui/state-dot.tsx';
import { WholePath } from '../../ui/whole-path.tsx';
import { RenameField } from '../status/rename-field.tsx';
import { SessionMenu } from '../status/session-menu.tsx';
import { FactList } from './drawer-section.tsx';
import { WatchChoice } from './watch-choice.tsx';

const DeleteDialog = lazyPart(async () => (await import('../status/delete-dialog.tsx')).DeleteDialog);

/** What a session is, and what can be done with it as a whole. */
export function SessionFactList({ view }: { view: SessionView }) {
  const [open, setOpen] = useState<'rename' | 'delete'>();
  const close = () => setOpen(undefined);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-center gap-2 text-sm">
        {open === 'rename' ? (
          <RenameField session={view} onDone={close} />
        ) : (
          <span className="min-w-0 flex-1 truncate font-medium">{view.title}</span>
        )}
        <SessionMenu session={view} onRename={() => setOpen('rename')} onDelete={() => setOpen('delete')} />
      </div>
      <FactList
        facts={[
          ['Agent', <AgentName key="agent" backend={view.backend} />],
          ['State', STATE_WORDS[toShownState(view)]],
          [
            'Folder',
            <Copyable key="cwd" text={view.cwd} label="Copy folder path" shown={<WholePath path={view.cwd} />} />,
          ],
          ['Id', <Copyable key="id" text={view.id} label="Copy session id" shown={view.id} />],
          ['Started', <RelativeTime key="at" at={view.createdAt} />],
        ]}
      />
      <WatchChoice session={view} />
      {open === 'delete' && (
        <Suspense fallback={<ComingDialog />}>
          <DeleteDialog session={view} onClose={close} />
        </Suspense>
      )}
    </div>
  );
}

function Copyable({ text, label, shown }: { text: string; label: string; shown: ReactNode }) {
  return (
    <span className="flex items-center justify-end gap-1 coarse:min-h-11">
      <span className="min-w-0 font-mono text-xs wrap-anywhere">{shown}</span>
      <CopyButton text={text} label={label} />
    </span>
  );
}
