import type { BackendView } from '@baton/protocol';
import { Link } from '@tanstack/react-router';
import { Check, CircleAlert } from 'lucide-react';
import { foundFilters, NO_FOUND_FILTERS } from '../history/found-filters.ts';
import { SpinnerAfter } from '../ui/spinner-after.tsx';
import { toLookWords } from './look-words.ts';
import type { Look } from './use-look.ts';

/** What came of looking for the sessions that an agent keeps. */
export function LookResult({ look, backend }: { look: Look; backend: BackendView }) {
  const { busy, result, failure } = look;
  if (busy) {
    return (
      <SpinnerAfter
        what={`${backend.title} is asked which sessions it keeps`}
        mend="It is started for that, and ended again within 75 seconds."
        className="mt-3 flex min-h-5 flex-wrap items-center gap-2 text-ink-3"
      />
    );
  }
  if (failure !== undefined) return <Failed words={failure} />;
  if (result === undefined) return null;
  const { words, notes } = toLookWords(result);
  const isWhole = result.problem === undefined;
  const Icon = isWhole ? Check : CircleAlert;
  return (
    <div
      role="status"
      className="mt-3 flex items-start gap-2 rounded-md border border-line bg-sunken px-3 py-2 text-sm"
    >
      <Icon
        size={15}
        strokeWidth={1.75}
        className={`mt-0.5 shrink-0 ${isWhole ? 'text-accent' : 'text-waiting'}`}
        aria-hidden="true"
      />
      <div className="min-w-0 flex-1 wrap-anywhere">
        <p className="font-medium">{words}</p>
        {notes.length > 0 && <p className="mt-0.5 text-ink-2">{notes.join(' ')}</p>}
      </div>
      {result.shown > 0 && (
        <Link
          to="/history"
          onClick={() => foundFilters.set({ ...NO_FOUND_FILTERS, backend: backend.id })}
          className="touch shrink-0 font-medium text-accent hover:underline"
        >
          Show them
        </Link>
      )}
    </div>
  );
}

function Failed({ words }: { words: string }) {
  return (
    <p
      role="alert"
      className="mt-3 flex items-start gap-2 rounded-md border border-failed-line bg-failed-soft px-3 py-2 text-sm text-failed"
    >
      <CircleAlert size={15} strokeWidth={1.75} className="mt-0.5 shrink-0" aria-hidden="true" />
      <span className="min-w-0 flex-1 wrap-anywhere">{words}</span>
    </p>
  );
}
