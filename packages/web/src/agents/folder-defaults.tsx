import type { BackendView, FolderDefault } from '@baton/protocol';
import { Folder, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { AgentMark } from '../ui/agent-mark.tsx';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { WholePath } from '../ui/whole-path.tsx';
import { toDefaultWords } from './default-words.ts';
import { FolderDefaultDialog } from './folder-default-dialog.tsx';
import { useEditFolderDefaults, useFolderDefaults } from './use-agents.ts';

/** What a new session begins with, by folder. */
export function FolderDefaults({ backends }: { backends: readonly BackendView[] }) {
  const { data: items } = useFolderDefaults();
  const edit = useEditFolderDefaults();
  const [editing, setEditing] = useState<{ item?: FolderDefault }>();
  if (items === undefined) return null;
  const remove = (folder: string) => edit.mutate((now) => now.filter((item) => item.folder !== folder));
  return (
    <section className="mt-8" aria-label="Defaults of folders">
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <div className="min-w-[min(100%,15rem)] flex-1">
          <h2 className="text-sm font-semibold">Defaults of folders</h2>
          <p className="text-sm text-ink-2">What the new-session dialog begins with there and in all folders below.</p>
        </div>
        <Button size="sm" icon={<Plus size={14} strokeWidth={2} />} onClick={() => setEditing({})}>
          Add a default
        </Button>
      </div>
      {items.length > 0 && (
        <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
          {items.map((item) => (
            <DefaultRow
              key={item.folder}
              item={item}
              backends={backends}
              onChange={() => setEditing({ item })}
              onRemove={() => remove(item.folder)}
            />
          ))}
        </ul>
      )}
      {edit.error !== null && (
        <p role="alert" className="mt-2 text-sm text-failed">
          {edit.error.message}
        </p>
      )}
      {editing !== undefined && (
        <FolderDefaultDialog backends={backends} item={editing.item} onClose={() => setEditing(undefined)} />
      )}
    </section>
  );
}

interface RowProps {
  item: FolderDefault;
  backends: readonly BackendView[];
  onChange(): void;
  onRemove(): void;
}

function DefaultRow({ item, backends, onChange, onRemove }: RowProps) {
  const backend = backends.find(({ id }) => id === item.backend);
  const { words, problem } = toDefaultWords(item, backend);
  return (
    <li className="flex items-center gap-3 px-4 py-2.5">
      <Folder size={16} strokeWidth={1.75} className="shrink-0 text-ink-3" aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <p className="font-mono text-xs">
          <WholePath path={item.folder} />
        </p>
        <p className="mt-0.5 flex items-center gap-1.5 text-sm text-ink-2">
          <AgentMark backend={item.backend} icon={backend?.icon} size="sm" />
          <span className="min-w-0 wrap-anywhere">{words}</span>
        </p>
        {problem !== undefined && <p className="mt-0.5 text-sm text-waiting wrap-anywhere">{problem}</p>}
      </div>
      <IconButton
        label={`Change the default of ${item.folder}`}
        icon={<Pencil size={14} strokeWidth={1.75} />}
        onClick={onChange}
      />
      <IconButton
        label={`Remove the default of ${item.folder}`}
        icon={<Trash2 size={14} strokeWidth={1.75} />}
        onClick={onRemove}
      />
    </li>
  );
}
