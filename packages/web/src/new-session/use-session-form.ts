import type { BackendView, FolderDefault } from '@baton/protocol';
import { useState } from 'react';
import { useOverlayFolder } from '../frame/overlay.ts';
import { useSessions } from '../live/baton-provider.tsx';
import { createStoredValue } from '../ui/stored-value.ts';
import { toBeginning, toOffer, type Offer } from './choose-backend.ts';
import type { FieldErrors } from './field-errors.ts';
import { toCwd } from './folder-listing.ts';
import { createLastChoices, type Choice } from './last-choices.ts';
import { useCreateSession } from './use-create-session.ts';

const lastChoices = createLastChoices(createStoredValue('last-choices'));

// What was typed outlives a dialog that was closed by accident, and a page that a phone put away.
const draft = createStoredValue('new-session-prompt');

export interface SessionForm {
  folder: string;
  backend: BackendView | undefined;
  model: string;
  mode: string;
  effort: string;
  efforts: readonly string[];
  /** What would stand there, and the agent does not offer any more. */
  gone: readonly string[];
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
  const createSession = useCreateSession({ draft, lastChoices });
  const { sessions } = useSessions();
  const given = useOverlayFolder();
  const [folder, setFolder] = useState(() => given ?? lastChoices.lastFolder() ?? sessions[0]?.cwd ?? '');
  const [chosen, setChosen] = useState<Partial<Choice>>({});
  const [prompt, setPromptState] = useState(() => draft.get() ?? '');
  const [errors, setErrors] = useState<FieldErrors>({});
  const [busy, setBusy] = useState(false);

  const cwd = toCwd(folder);
  const offer = toOffer(backends, chosen, toBeginning(cwd, { last: lastChoices, defaults }));
  const { backend } = offer;
  const setPrompt = (text: string) => {
    draft.set(text);
    setPromptState(text);
  };

  const create = async () => {
    const missing = findMissing(cwd, backend);
    setErrors(missing);
    if (backend === undefined || Object.keys(missing).length > 0) return;
    setBusy(true);
    const problems = await createSession({ cwd, choice: toChoice(backend, offer), prompt });
    if (problems === undefined) return;
    setErrors(problems);
    setBusy(false);
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
