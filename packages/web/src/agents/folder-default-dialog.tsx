import type { BackendView, FolderDefault } from '@baton/protocol';
import { useState } from 'react';
import { FolderField } from '../new-session/folder-field.tsx';
import { toCwd } from '../new-session/folder-listing.ts';
import { toEffortTitle, toEfforts } from '../session/effort.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { DialogFoot } from '../ui/dialog-foot.tsx';
import { Select } from '../ui/select.tsx';
import { putDefault, toDefaultRefusal } from './folder-default-edit.ts';
import { useEditFolderDefaults } from './use-agents.ts';

export interface FolderDefaultDialogProps {
  backends: readonly BackendView[];
  /** The one that is changed; none for a new one. */
  item: FolderDefault | undefined;
  onClose(): void;
}

/** Folder, agent, and what else is to be said for sessions there; what is left out the agent decides. */
export function FolderDefaultDialog({ backends, item, onClose }: FolderDefaultDialogProps) {
  const [folder, setFolder] = useState(item?.folder ?? '');
  const [choice, setChoice] = useState<Choice>(() => toFirstChoice(item, backends));
  const edit = useEditFolderDefaults();
  const cwd = toCwd(folder);
  const save = () =>
    edit.mutate((now) => putDefault(now, { folder: cwd, ...choice }, item?.folder), { onSuccess: onClose });
  const refusal = toDefaultRefusal(edit.error);
  return (
    <Dialog
      open
      title={item === undefined ? 'Add a default' : 'Change a default'}
      onOpenChange={(open) => open || onClose()}
      footer={
        <DialogFoot onCancel={onClose} problem={refusal.form}>
          <Button variant="primary" disabled={cwd === '' || choice.backend === '' || edit.isPending} onClick={save}>
            Save default
          </Button>
        </DialogFoot>
      }
    >
      <div className="flex flex-col gap-4 px-4 pt-1 pb-4">
        <FolderField
          value={folder}
          error={refusal.folder}
          onChange={(text) => {
            setFolder(text);
            edit.reset();
          }}
        />
        <Select
          label="Agent"
          value={choice.backend}
          onChange={(backend) => setChoice({ backend })}
          options={backends.map(({ id, title }) => ({ value: id, title }))}
        />
        <Offered backend={backends.find(({ id }) => id === choice.backend)} choice={choice} onChange={setChoice} />
      </div>
    </Dialog>
  );
}

type Choice = Omit<FolderDefault, 'folder'>;

function toFirstChoice(item: FolderDefault | undefined, backends: readonly BackendView[]): Choice {
  if (item === undefined) return { backend: backends[0]?.id ?? '' };
  const { folder: _, ...choice } = item;
  return choice;
}

interface OfferedProps {
  backend: BackendView | undefined;
  choice: Choice;
  onChange(choice: Choice): void;
}

function Offered({ backend, choice, onChange }: OfferedProps) {
  const { models = [], modes = [] } = backend ?? {};
  const efforts = toEfforts(models, choice.model).map((id) => ({ id, title: toEffortTitle(id) }));
  return (
    <div className="grid grid-cols-1 gap-3 empty:hidden wide:grid-cols-2">
      <Offer
        label="Model"
        offered={models}
        value={choice.model}
        onChange={(model) => onChange({ ...choice, model, effort: undefined })}
      />
      <Offer
        label="Effort"
        offered={efforts}
        value={choice.effort}
        onChange={(effort) => onChange({ ...choice, effort })}
      />
      <Offer label="Mode" offered={modes} value={choice.mode} onChange={(mode) => onChange({ ...choice, mode })} />
    </div>
  );
}

interface OfferProps {
  label: string;
  offered: readonly { id: string; title: string }[];
  value: string | undefined;
  onChange(id: string | undefined): void;
}

const UNSAID = { value: '', title: 'Default of the agent' };

function Offer({ label, offered, value, onChange }: OfferProps) {
  if (offered.length === 0) return null;
  return (
    <Select
      label={label}
      value={value ?? ''}
      onChange={(id) => onChange(id === '' ? undefined : id)}
      options={[UNSAID, ...offered.map(({ id, title }) => ({ value: id, title }))]}
    />
  );
}
