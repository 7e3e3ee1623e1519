import { ProgressLine } from '../history/progress-line.tsx';
import { useHistoryStatus } from '../history/use-history.ts';
import type { Search } from '../search/use-search.ts';
import { Button } from '../ui/button.tsx';
import { SpinnerAfter } from '../ui/spinner-after.tsx';

export interface SearchFootProps {
  query: string;
  search: Search;
  /** No option is shown. */
  isEmpty: boolean;
}

/** What is to be said about a search beside its results: nothing found, not yet, not possible. */
export function SearchFoot({ query, search, isEmpty }: SearchFootProps) {
  const status = useHistoryStatus();
  return (
    <>
      {search.failure !== undefined && (
        <div role="alert" className="flex items-center gap-3 border-t border-line px-4 py-2 text-sm text-failed">
          <span className="min-w-0 flex-1 break-words">Conversations were not searched: {search.failure}</span>
          <Button size="sm" onClick={search.retry}>
            Try again
          </Button>
        </div>
      )}
      {isEmpty && search.failure === undefined && <Nothing query={query} search={search} />}
      {search.isOn && <ProgressLine status={status} className="safe-bottom border-t border-line px-4 py-2" />}
    </>
  );
}

function Nothing({ query, search }: Pick<SearchFootProps, 'query' | 'search'>) {
  if (search.isOn && !search.isSettled) {
    return (
      <div className="flex h-14 items-center justify-center text-ink-3">
        <SpinnerAfter what="Searching" className="flex items-center gap-2" />
      </div>
    );
  }
  return (
    <p role="status" className="px-4 pt-2 pb-6 text-center break-words text-ink-3">
      Nothing matches “{query.trim()}”
    </p>
  );
}
