import { createId, type BackendView, type FolderDefault } from '@baton/protocol';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useOverlayFolder } from '../frame/overlay.ts';
import { useClient, useSessions } from '../live/baton-provider.tsx';
import { createStoredValue } from '../ui/stored-value.ts';
import { toBeginning, toOffer, type Offer } from './choose-backend.ts';
import { toFieldErrors, type FieldErrors } from './field-errors.ts';
import { toCwd } from './folder-listing.ts';
import { createLastChoices, type Choice } from './last-choices.ts';

const lastChoices = createLastChoices(createStoredValue('last-choices'));

// What was typed outlives a dialog that was closed by accident.
let draft = '';

export interface SessionForm {
  folder: string;
  backend: BackendView | undefined;
  model: string;
  mode: string;
  effort: string;
  efforts: readonly string[];
  prompt: string;
  errors: FieldErrors;
  busy: boolean;
  setFolder(text: string): void;
  setBackend(id: string): void;
  setModel(id: string): void;
  setMode(id: string): void;
  setEffort(id: string): void;
  setPrompt(text: string): void;
  create(): Promise<void>;
}

/** The state of the new-session dialog. Untouched choices follow the folder: what was chosen there last, else its default. */
export function useSessionForm(backends: readonly BackendView[], defaults: readonly FolderDefault[]): SessionForm {
  const client = useClient();
  const navigate = useNavigate();
  const { sessions } = useSessions();
  const given = useOverlayFolder();
  const [folder, setFolder] = useState(() => given ?? lastChoices.lastFolder() ?? sessions[0]?.cwd ?? '');
  const [chosen, setChosen] = useState<Partial<Choice>>({});
  const [prompt, setPromptState] = useState(draft);
  const [errors, setErrors] = useState<FieldErrors>({});
  const [busy, setBusy] = useState(false);

  const cwd = toCwd(folder);
  const offer = toOffer(backends, chosen, toBeginning(cwd, { last: lastChoices, defaults }));
  const { backend } = offer;
  const setPrompt = (text: string) => {
    draft = text;
    setPromptState(text);
  };

  const create = async () => {
    const missing = findMissing(cwd, backend);
    setErrors(missing);
    if (backend === undefined || Object.keys(missing).length > 0) return;
    setBusy(true);
    const choice = toChoice(backend, offer);
    const sessionId = createId('session');
    try {
      const text = prompt.trim() === '' ? {} : { prompt };
      await client.send({ type: 'session.create', sessionId, cwd, ...choice, ...text });
      lastChoices.remember(cwd, choice);
      draft = '';
      await navigate({ to: '/sessions/$sessionId', params: { sessionId }, replace: true });
    } catch (error) {
      setErrors(toFieldErrors(error));
      setBusy(false);
    }
  };

  return {
    ...{ ...offer, folder, prompt, errors, busy, create, setPrompt },
    setFolder: (text) => {
      setFolder(text);
      setErrors({});
    },
    setBackend: (id) => {
      setChosen({ backend: id });
      setErrors({});
    },
    setModel: (id) => setChosen({ ...chosen, model: id }),
    setEffort: (id) => setChosen({ ...chosen, effort: id }),
    setMode: (id) => setChosen({ ...chosen, mode: id }),
  };
}

function toChoice(backend: BackendView, { model, mode, effort }: Offer): Choice {
  return {
    backend: backend.id,
    ...(model === '' ? {} : { model }),
    ...(mode === '' ? {} : { mode }),
    ...(effort === '' ? {} : { effort }),
  };
}

function findMissing(cwd: string, backend: BackendView | undefined): FieldErrors {
  return {
    ...(cwd === '' ? { folder: 'Choose the folder the agent works in.' } : {}),
    ...(backend === undefined ? { agent: 'Choose an agent.' } : {}),
  };
}
