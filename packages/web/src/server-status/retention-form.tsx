import type { Retention } from '@baton/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../live/baton-provider.tsx';
import { toFailureWords } from '../session/failure-words.ts';
import { Button } from '../ui/button.tsx';
import { announce } from '../ui/live-region.tsx';
import { TextField } from '../ui/text-field.tsx';
import { findFieldError, RETENTION_FIELDS, toDraft, toRules } from './retention-draft.ts';

const KEY = ['retention'];

/** What goes by itself, and when; by default nothing. */
export function RetentionForm() {
  const api = useApi();
  const { data, error } = useQuery({ queryKey: KEY, queryFn: () => api.call('getRetention') });
  if (data !== undefined) return <Fields key={JSON.stringify(data)} rules={data} />;
  return error === null ? (
    <div className="h-24" />
  ) : (
    <p role="alert" className="text-failed">
      {error.message}
    </p>
  );
}

function Fields({ rules }: { rules: Retention }) {
  const api = useApi();
  const queries = useQueryClient();
  const [draft, setDraft] = useState(() => toDraft(rules));
  const [problem, setProblem] = useState<string>();
  const isChanged = JSON.stringify(toDraft(rules)) !== JSON.stringify(draft);
  const isRight = Object.values(draft).every((text) => findFieldError(text) === undefined);
  const save = async () => {
    try {
      queries.setQueryData(KEY, await api.call('putRetention', { body: toRules(draft) }));
      announce('Rules saved');
    } catch (cause) {
      setProblem(toFailureWords(cause, 'The rules were not saved'));
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isRight) void save();
      }}
    >
      <div className="grid gap-4 [grid-template-columns:repeat(auto-fill,minmax(min(100%,16rem),1fr))]">
        {RETENTION_FIELDS.map(({ name, label, off, note }) => (
          <TextField
            key={name}
            label={label}
            description={note}
            error={findFieldError(draft[name])}
            inputMode="numeric"
            placeholder={off}
            trailing={<span className="pr-1.5 text-sm text-ink-3">days</span>}
            value={draft[name]}
            onChange={({ target }) => setDraft({ ...draft, [name]: target.value })}
          />
        ))}
      </div>
      <div className="mt-4 flex flex-wrap items-center gap-3">
        <Button type="submit" disabled={!isChanged || !isRight}>
          Save these rules
        </Button>
        {problem !== undefined && (
          <p role="alert" className="text-failed">
            {problem}
          </p>
        )}
      </div>
    </form>
  );
}
