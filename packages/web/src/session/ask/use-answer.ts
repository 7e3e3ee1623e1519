import type { CommandInput } from '@baton/protocol';
import { isAppError } from '@baton/protocol';
import { useCallback, useRef, useState } from 'react';
import { useClient } from '../../live/baton-provider.tsx';

/** `sent` lasts until the log says that the answer counts; a refusal says who was first. */
export type AnswerState =
  | { readonly step: 'open' }
  | { readonly step: 'sending' }
  | { readonly step: 'sent' }
  | { readonly step: 'refused'; readonly message: string };

/** Sends one answer. While one is under way or has arrived, further calls do nothing. */
export function useAnswer(): { state: AnswerState; answer(command: CommandInput): void } {
  const client = useClient();
  const [state, setState] = useState<AnswerState>({ step: 'open' });
  const busy = useRef(false);
  const answer = useCallback(
    (command: CommandInput) => {
      if (busy.current) return;
      busy.current = true;
      setState({ step: 'sending' });
      client.send(command).then(
        () => setState({ step: 'sent' }),
        (error: unknown) => {
          busy.current = false;
          setState({ step: 'refused', message: toRefusal(error) });
        },
      );
    },
    [client],
  );
  return { state, answer };
}

/** Why an answer did not count, in words. */
export function toRefusal(error: unknown): string {
  if (!isAppError(error)) return 'The answer did not reach Baton. Try again.';
  const isLate = error.kind === 'approval-already-answered' || error.kind === 'question-already-answered';
  if (isLate && error.details.answeredBy !== undefined) return `Already answered by ${error.details.answeredBy}.`;
  return error.message;
}
