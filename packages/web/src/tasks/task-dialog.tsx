import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useSessions } from '../live/baton-provider.tsx';
import { useBackends } from '../live/use-backends.ts';
import { FolderField } from '../new-session/folder-field.tsx';
import { toFailureWords } from '../session/failure-words.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { DialogFoot } from '../ui/dialog-foot.tsx';
import { Select } from '../ui/select.tsx';
import { createStoredValue } from '../ui/stored-value.ts';
import { TextArea, TextField } from '../ui/text-field.tsx';
import { useLeadToFault } from '../ui/use-lead-to-fault.ts';
import { emptyTask, readTaskDraft, toStartable, type TaskDraft, type TaskErrors } from './task-form-state.ts';
import { TaskOptions } from './task-options.tsx';
import { useTaskActions } from './use-tasks.ts';

// What was chosen outlives a dialog that was closed by accident, and what was typed also a page that a phone put away.
let kept = emptyTask;
const keptPrompt = createStoredValue('new-task-prompt');

/** Something for an agent to do in the background. */
export function TaskDialog({ onClose }: { onClose(): void }) {
  const backends = useBackends().data ?? [];
  const { sessions } = useSessions();
  const { draft, set, errors, busy, create } = useTaskForm(onClose);
  const form = useLeadToFault<HTMLDivElement>(errors);
  const agents = toStartable(backends, draft.backend);
  const folder = draft.folder === '' ? (sessions[0]?.cwd ?? '') : draft.folder;
  const backend = draft.backend === '' ? (agents[0]?.id ?? '') : draft.backend;
  const current = backends.find(({ id }) => id === backend);
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title="New task"
      footer={
        <DialogFoot onCancel={onClose} problem={errors.form}>
          <Button variant="primary" disabled={busy} onClick={() => create({ ...draft, folder, backend })}>
            Add task
          </Button>
        </DialogFoot>
      }
    >
      <div ref={form} className="flex flex-col gap-4 px-4 pb-4">
        <TextArea
          label="Prompt"
          placeholder="What the agent has to do, and what it should end with"
          value={draft.prompt}
          error={errors.prompt}
          onChange={(event) => set({ prompt: event.target.value })}
        />
        <TextField
          label="Title"
          placeholder="The first line of the prompt"
          maxLength={300}
          value={draft.title}
          error={errors.title}
          onChange={(event) => set({ title: event.target.value })}
        />
        <FolderField value={folder} error={errors.folder} onChange={(text) => set({ folder: text })} />
        <Select
          label="Agent"
          value={backend}
          onChange={(id) => set({ backend: id, model: '', mode: '' })}
          options={agents.map(({ id, title }) => ({ value: id, title }))}
        />
        {errors.backend !== undefined && <Problem text={errors.backend} />}
        <TaskOptions draft={draft} backend={current} error={errors.schema} onChange={set} />
      </div>
    </Dialog>
  );
}

function Problem({ text }: { text: string }) {
  return (
    <p role="alert" className="-mt-2 text-sm text-failed">
      {text}
    </p>
  );
}

function useTaskForm(onClose: () => void) {
  const navigate = useNavigate();
  const actions = useTaskActions();
  const [draft, setDraft] = useState(() => ({ ...kept, prompt: keptPrompt.get() ?? kept.prompt }));
  const [errors, setErrors] = useState<TaskErrors>({});
  const [busy, setBusy] = useState(false);
  const set = (part: Partial<TaskDraft>) => {
    kept = { ...draft, ...part };
    keptPrompt.set(kept.prompt);
    setDraft(kept);
    setErrors({});
  };
  const create = (whole: TaskDraft) => {
    const read = readTaskDraft(whole);
    setErrors(read.ok ? {} : read.errors);
    if (!read.ok) return;
    setBusy(true);
    actions.create(read.body).then(
      ({ id }) => {
        kept = emptyTask;
        keptPrompt.set('');
        onClose();
        return navigate({ to: '/tasks/$taskId', params: { taskId: id } });
      },
      (error: unknown) => {
        setErrors({ form: toFailureWords(error, 'The task was not added') });
        setBusy(false);
      },
    );
  };
  return { draft, set, errors, busy, create };
}
