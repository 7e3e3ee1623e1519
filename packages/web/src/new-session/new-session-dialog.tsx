import type { AgentMode, AgentModel } from '@baton/protocol';
import { useRef } from 'react';
import { useFolderDefaults } from '../agents/use-agents.ts';
import { useConnection } from '../live/baton-provider.tsx';
import { QueryProvider } from '../live/query-provider.tsx';
import { useLiveBackends } from '../live/use-backends.ts';
import { toEffortTitle } from '../session/effort.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { DialogFoot } from '../ui/dialog-foot.tsx';
import { Select, type SelectOption } from '../ui/select.tsx';
import { SpinnerAfter } from '../ui/spinner-after.tsx';
import { TextArea } from '../ui/text-field.tsx';
import { useHotkeys } from '../ui/use-hotkeys.ts';
import { BackendCards } from './backend-cards.tsx';
import { DEFAULT_ID } from './choose-backend.ts';
import { FolderField } from './folder-field.tsx';
import { useSessionForm, type SessionForm } from './use-session-form.ts';

export interface NewSessionDialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
}

const NONE: readonly never[] = [];

/** Folder, agent, first prompt: a session from nothing. Control or Command with Enter creates it from anywhere. */
export function NewSessionDialog(props: NewSessionDialogProps) {
  return (
    <QueryProvider>
      <NewSessionForm {...props} />
    </QueryProvider>
  );
}

function NewSessionForm({ open, onOpenChange }: NewSessionDialogProps) {
  const { data: backends, error } = useLiveBackends();
  const { data: defaults } = useFolderDefaults();
  const form = useSessionForm(backends ?? NONE, defaults ?? NONE);
  const prompt = useRef<HTMLTextAreaElement>(null);
  const start = {
    keys: 'Mod+Enter',
    title: 'Start the new session',
    group: 'New session',
    run: () => void form.create(),
  };
  useHotkeys([start], { enabled: !form.busy });
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="New session"
      size="lg"
      initialFocus={prompt}
      footer={<Footer form={form} onCancel={() => onOpenChange(false)} />}
    >
      <div className="flex flex-col gap-4 px-4 pt-1 pb-4">
        <TextArea
          ref={prompt}
          label="Prompt"
          placeholder="What should the agent do? It can also wait for your first prompt."
          value={form.prompt}
          onChange={(event) => form.setPrompt(event.target.value)}
          error={form.errors.prompt}
        />
        <FolderField value={form.folder} onChange={form.setFolder} error={form.errors.folder} />
        {backends === undefined ? (
          <BackendsAwaited error={error} />
        ) : (
          <BackendCards
            backends={backends}
            value={form.backend?.id}
            onChange={form.setBackend}
            error={form.errors.agent}
          />
        )}
        <Offered form={form} />
      </div>
    </Dialog>
  );
}

function BackendsAwaited({ error }: { error: Error | null }) {
  if (error !== null) return <p className="text-sm text-failed">{error.message}</p>;
  return <SpinnerAfter what="Looking for agents" className="flex h-12 items-center gap-2 text-ink-3" />;
}

const DEFAULT = { value: '', title: 'Default of the agent' };

function Offered({ form }: { form: SessionForm }) {
  const models = withChosen(form.backend?.models, form.model);
  const modes = withChosen(form.backend?.modes, form.mode);
  if (models.length === 0 && modes.length === 0) return null;
  return (
    <div className="grid grid-cols-1 gap-3 wide:grid-cols-2">
      {models.length > 0 && (
        <Select label="Model" value={form.model} onChange={form.setModel} options={toOptions(models)} />
      )}
      {form.efforts.length > 0 && (
        <Select
          label="Effort"
          value={form.effort}
          onChange={form.setEffort}
          options={[DEFAULT, ...form.efforts.map((id) => ({ value: id, title: toEffortTitle(id) }))]}
        />
      )}
      {modes.length > 0 && <Select label="Mode" value={form.mode} onChange={form.setMode} options={toOptions(modes)} />}
      {form.gone.length > 0 && <p className="text-sm text-waiting wide:col-span-2">{toGoneWords(form)}</p>}
      {form.errors.model !== undefined && (
        <p role="alert" className="text-sm text-failed wide:col-span-2">
          {form.errors.model}
        </p>
      )}
    </div>
  );
}

// What an agent offers may not be known before it runs; what was chosen for it stands there all the same.
function withChosen(
  offered: readonly (AgentModel | AgentMode)[] = [],
  id: string,
): readonly (AgentModel | AgentMode)[] {
  return offered.length === 0 && id !== '' ? [{ id, title: id }] : offered;
}

function toGoneWords({ backend, gone }: SessionForm): string {
  const names = gone.map((id) => `“${id}”`).join(' and ');
  return `${backend?.title ?? 'The agent'} does not offer ${names} any more.`;
}

// An agent that offers a default of its own needs no second one.
function toOptions(offered: readonly (AgentModel | AgentMode)[]): SelectOption[] {
  const options = offered.map(({ id, title, description }) => ({ value: id, title, description }));
  return offered.some(({ id }) => id === DEFAULT_ID) ? options : [DEFAULT, ...options];
}

function Footer({ form, onCancel }: { form: SessionForm; onCancel(): void }) {
  const isOnline = useConnection().status === 'online';
  const status =
    form.busy && !isOnline
      ? 'Not connected. The session starts once the server answers; this can be closed.'
      : undefined;
  return (
    // What was sent cannot be called back.
    <DialogFoot onCancel={onCancel} cancel={form.busy ? 'Close' : 'Cancel'} problem={form.errors.form} status={status}>
      <Button variant="primary" keyHint="Mod+Enter" disabled={form.busy} onClick={() => void form.create()}>
        {form.busy ? 'Creating' : form.prompt.trim() === '' ? 'Create session' : 'Start agent'}
      </Button>
    </DialogFoot>
  );
}
