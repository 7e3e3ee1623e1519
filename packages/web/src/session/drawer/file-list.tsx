import { itemIdSchema, type SessionId } from '@baton/protocol';
import { useCloseOverlay, useOverlay } from '../../frame/overlay.ts';
import { jumpStore } from '../conversation/jump.ts';
import type { FileTouched } from '../conversation/turn-summary.ts';
import { Changes } from '../tool/changes.tsx';
import { PathText } from '../tool/path-text.tsx';
import { toShortPath } from '../tool/short-path.ts';

export interface FileListProps {
  files: readonly FileTouched[];
  sessionId: SessionId;
  cwd: string;
}

/** Files the agent changed; each leads to its last change in the conversation. */
export function FileList({ files, sessionId, cwd }: FileListProps) {
  const overlay = useOverlay();
  const closeOverlay = useCloseOverlay();
  const go = (file: FileTouched) => {
    if (overlay === 'drawer') closeOverlay();
    jumpStore.set({ sessionId, itemId: itemIdSchema.parse(file.itemId) });
  };
  return (
    <ul className="-mx-2 flex flex-col">
      {files.map((file) => (
        <li key={file.path}>
          <button
            type="button"
            onClick={() => go(file)}
            className="flex min-h-7 w-full items-center gap-2 rounded-md px-2 text-left hover:bg-hover coarse:min-h-11"
          >
            <PathText path={toShortPath(file.path, cwd)} title={file.path} className="flex-1 text-xs" />
            <Changes added={file.added} removed={file.removed} />
          </button>
        </li>
      ))}
    </ul>
  );
}
