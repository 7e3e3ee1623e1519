import { Folder, Search, X } from 'lucide-react';
import { useStore } from '../live/use-store.ts';
import { useBackends } from '../live/use-backends.ts';
import { toShortPath } from '../sessions/folder-name.ts';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { foundFilters } from './found-filters.ts';

const ALL = 'all';

/** By words, by agent, and by the folder that was chosen in the list. */
export function HistoryFilters() {
  const filters = useStore(foundFilters);
  const backends = useBackends().data ?? [];
  const agents = [
    { value: ALL, title: 'All agents' },
    ...backends.filter(({ id }) => id !== 'worker').map(({ id, title }) => ({ value: id, title })),
  ];
  return (
    <>
      <div className="flex items-start gap-2">
        <TextField
          label="Words in title or folder"
          labelHidden
          type="search"
          placeholder="Title or folder"
          value={filters.q}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          icon={<Search size={15} strokeWidth={1.75} aria-hidden="true" />}
          onChange={(event) => foundFilters.set({ ...filters, q: event.target.value })}
          className="flex-1"
        />
        <Select
          label="Agent"
          labelHidden
          value={filters.backend ?? ALL}
          onChange={(value) => foundFilters.set({ ...filters, backend: value === ALL ? undefined : value })}
          options={agents}
          className="w-36 shrink-0 wide:w-44"
        />
      </div>
      {filters.cwd !== undefined && (
        <button
          type="button"
          onClick={() => foundFilters.set({ ...filters, cwd: undefined })}
          className="touch mt-2 flex h-6 max-w-full items-center gap-1.5 rounded-sm bg-accent-soft px-2 text-xs font-medium text-accent hover:bg-pressed"
        >
          <Folder size={12} strokeWidth={2} aria-hidden="true" className="shrink-0" />
          <span className="truncate">{toShortPath(filters.cwd)}</span>
          <X size={12} strokeWidth={2} aria-hidden="true" className="shrink-0" />
          <span className="sr-only">Show all folders</span>
        </button>
      )}
    </>
  );
}
