import { createId } from '@baton/protocol';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useClient } from '../live/baton-provider.tsx';
import { toFailureWords } from '../session/failure-words.ts';
import type { StoredValue } from '../ui/stored-value.ts';
import { showToast } from '../ui/toast.tsx';
import { toFieldErrors, type FieldErrors } from './field-errors.ts';
import type { Choice, LastChoices } from './last-choices.ts';

export interface NewSession {
  readonly cwd: string;
  readonly choice: Choice;
  readonly prompt: string;
}

/** What the next dialog begins with. */
export interface NewSessionMemory {
  readonly draft: StoredValue;
  readonly lastChoices: LastChoices;
}

/**
 * Makes a session and opens it; resolves with what is wrong when it could not be made. While the server is away the wish is
 * kept: who closes the dialog meanwhile is told when the session is there, and is taken nowhere.
 */
export function useCreateSession({ draft, lastChoices }: NewSessionMemory) {
  const client = useClient();
  const navigate = useNavigate();
  const isOpen = useRef(true);
  useEffect(() => {
    isOpen.current = true;
    return () => {
      isOpen.current = false;
    };
  }, []);
  return async ({ cwd, choice, prompt }: NewSession): Promise<FieldErrors | undefined> => {
    const sessionId = createId('session');
    const open = (replace: boolean) => navigate({ to: '/sessions/$sessionId', params: { sessionId }, replace });
    const text = prompt.trim() === '' ? {} : { prompt };
    draft.set('');
    try {
      await client.send({ type: 'session.create', sessionId, cwd, ...choice, ...text });
      lastChoices.remember(cwd, choice);
      if (isOpen.current) await open(true);
      else showToast({ title: 'Session created', action: { label: 'Open session', run: () => void open(false) } });
      return undefined;
    } catch (error) {
      // What somebody typed meanwhile is newer.
      if ((draft.get() ?? '') === '') draft.set(prompt);
      const description = toFailureWords(error, 'The request did not arrive');
      if (!isOpen.current) showToast({ title: 'The session was not created', description, tone: 'failed' });
      return toFieldErrors(error);
    }
  };
}
