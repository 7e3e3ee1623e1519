import { type KeptList, toAppError } from '@baton/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { HISTORY_KEY } from '../history/use-history.ts';
import { createSlowApi } from '../live/slow-api.ts';
import { BACKENDS_KEY } from '../live/use-backends.ts';

export interface Look {
  busy: boolean;
  /** What came of the last one. */
  result: KeptList | undefined;
  /** Why it did not work. */
  failure: string | undefined;
  run(): Promise<void>;
}

/** Asks an agent which conversations it keeps. */
export function useLook(id: string): Look {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Pick<Look, 'result' | 'failure'>>({ result: undefined, failure: undefined });
  const run = async () => {
    setBusy(true);
    setOutcome({ result: undefined, failure: undefined });
    try {
      const result = await createSlowApi().call('lookForConversations', { params: { id } });
      setOutcome({ result, failure: undefined });
    } catch (cause) {
      setOutcome({ result: undefined, failure: toAppError(cause).message });
    } finally {
      setBusy(false);
    }
    // What it can do is known now, too.
    await Promise.all([HISTORY_KEY, BACKENDS_KEY].map((queryKey) => queries.invalidateQueries({ queryKey })));
  };
  return { ...outcome, busy, run };
}
