import { Search } from 'lucide-react';
import { useBackends } from '../live/use-backends.ts';
import { useStore } from '../live/use-store.ts';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { toFolderOptions } from './folder-options.ts';
import { foundFilters } from './found-filters.ts';
import { useFoundFolders } from './use-history.ts';

const ALL = 'all';
const ALL_FOLDERS = '';

/** By words, by agent and by folder. */
export function HistoryFilters() {
  const filters = useStore(foundFilters);
  const backends = useBackends().data ?? [];
  const folders = useFoundFolders(filters.backend).data ?? [];
  const agents = [
    { value: ALL, title: 'All agents' },
    ...backends.filter(({ id }) => id !== 'worker').map(({ id, title }) => ({ value: id, title })),
  ];
  return (
    <div className="flex flex-wrap items-start gap-2">
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
        className="flex-1 basis-full wide:basis-40"
      />
      <Select
        label="Agent"
        labelHidden
        value={filters.backend ?? ALL}
        onChange={(value) => foundFilters.set({ ...filters, backend: value === ALL ? undefined : value })}
        options={agents}
        className="flex-1 wide:w-44 wide:flex-none"
      />
      <Select
        label="Folder"
        labelHidden
        value={filters.cwd ?? ALL_FOLDERS}
        onChange={(value) => foundFilters.set({ ...filters, cwd: value === ALL_FOLDERS ? undefined : value })}
        options={[{ value: ALL_FOLDERS, title: 'All folders' }, ...toFolderOptions(folders, filters.cwd)]}
        className="flex-1 wide:w-52 wide:flex-none"
      />
    </div>
  );
}
