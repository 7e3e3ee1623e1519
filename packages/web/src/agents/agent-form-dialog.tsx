import type { ConfiguredAgentView } from '@baton/protocol';
import { Plus, Trash2 } from 'lucide-react';
import { useRef, useState } from 'react';
import { AgentMark } from '../ui/agent-mark.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { DialogFoot } from '../ui/dialog-foot.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { TextArea, TextField } from '../ui/text-field.tsx';
import { useLeadToFault } from '../ui/use-lead-to-fault.ts';
import {
  type AgentDraft,
  type AgentFormErrors,
  type DraftVariable,
  EMPTY_DRAFT,
  isVariableName,
  toAgentId,
  toDraft,
  toEdit,
  toRefusal,
} from './agent-form.ts';
import { MarkField } from './mark-field.tsx';
import { useEditAgent } from './use-agents.ts';

// What was typed of a new one outlives a dialog that was closed by accident; its keys are written nowhere.
let kept = EMPTY_DRAFT;

/** An agent of the owner's own: any program that speaks the Agent Client Protocol. */
export function AgentFormDialog({ agent, onClose }: { agent?: ConfiguredAgentView; onClose(): void }) {
  const [draft, setDraft] = useState<AgentDraft>(() => (agent === undefined ? kept : toDraft(agent)));
  const [errors, setErrors] = useState<AgentFormErrors>({});
  const edit = useEditAgent();
  const form = useLeadToFault<HTMLFormElement>(errors);
  const title = useRef<HTMLInputElement>(null);
  const change = (part: Partial<AgentDraft>) => {
    const next = { ...draft, ...part };
    if (agent === undefined) kept = next;
    setDraft(next);
    setErrors({});
  };
  const done = () => {
    if (agent === undefined) kept = EMPTY_DRAFT;
    onClose();
  };
  const save = () => {
    const wanted = toEdit(draft, agent);
    if ('errors' in wanted) return setErrors(wanted.errors);
    edit.mutate(wanted.edit, { onSuccess: done, onError: (error) => setErrors(toRefusal(error)) });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={agent === undefined ? 'Add an agent' : `Change ${agent.title}`}
      {...(agent === undefined ? { initialFocus: title } : {})}
      description="Any program that speaks the Agent Client Protocol on its standard input and output."
      footer={
        <Footer error={errors.form} busy={edit.isPending} isNew={agent === undefined} onSave={save} onClose={onClose} />
      }
    >
      <form
        ref={form}
        className="flex flex-col gap-4 px-4 pt-1 pb-4"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <div className="flex items-start gap-3">
          <MarkBesideField draft={draft} />
          <TextField
            ref={title}
            label="Title"
            className="flex-1"
            value={draft.title}
            placeholder="Goose"
            onChange={(event) => change({ title: event.target.value })}
            error={errors.title}
          />
        </div>
        <TextField
          label="Command"
          value={draft.command}
          placeholder="goose"
          description="A name on the server's PATH, or a whole path. It is started without a shell."
          autoCapitalize="off"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => change({ command: event.target.value })}
          error={errors.command}
        />
        <TextArea
          label="Arguments"
          value={draft.args}
          placeholder="acp"
          description="One on each line."
          className="[&_textarea]:min-h-16 [&_textarea]:font-mono [&_textarea]:text-code"
          spellCheck={false}
          onChange={(event) => change({ args: event.target.value })}
          error={errors.args}
        />
        <Variables variables={draft.variables} onChange={(variables) => change({ variables })} error={errors.env} />
        <div className="grid grid-cols-1 gap-4 wide:grid-cols-2">
          {agent === undefined && (
            <TextField
              label="Id"
              value={draft.id}
              placeholder={toAgentId(draft.title) || 'goose'}
              description="Sessions refer to it; it never changes."
              autoCapitalize="off"
              spellCheck={false}
              onChange={(event) => change({ id: event.target.value })}
              error={errors.id}
            />
          )}
          <div>
            <MarkField value={draft.icon} onChange={(icon) => change({ icon })} error={errors.icon} />
          </div>
        </div>
        <button type="submit" hidden tabIndex={-1} aria-hidden="true" />
      </form>
    </Dialog>
  );
}

// As high as the label and the field beside it: what the field says below itself does not move it.
function MarkBesideField({ draft }: { draft: AgentDraft }) {
  return (
    <div aria-hidden="true">
      <div className="mb-1 text-sm">&nbsp;</div>
      <div className="flex h-8 items-center coarse:h-11">
        <AgentMark backend={draft.id || toAgentId(draft.title) || '?'} icon={draft.icon || undefined} size="lg" />
      </div>
    </div>
  );
}

interface VariablesProps {
  variables: readonly DraftVariable[];
  onChange(variables: readonly DraftVariable[]): void;
  error: string | undefined;
}

function Variables({ variables, onChange, error }: VariablesProps) {
  const replace = (at: number, part: Partial<DraftVariable>) =>
    onChange(variables.map((variable, index) => (index === at ? { ...variable, ...part } : variable)));
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium text-ink-2">Variables</legend>
      <div className="flex flex-col gap-2">
        {variables.map((variable, index) => (
          // Rows have no identity but their place.
          <div key={index} className="flex items-center gap-2">
            <TextField
              label={`Name of variable ${index + 1}`}
              labelHidden
              className="w-2/5 font-mono"
              placeholder="NAME"
              value={variable.name}
              readOnly={variable.isKept}
              aria-invalid={error !== undefined && !isVariableName(variable.name) ? true : undefined}
              autoCapitalize="off"
              spellCheck={false}
              onChange={(event) => replace(index, { name: event.target.value })}
            />
            <TextField
              label={`Value of ${variable.name || `variable ${index + 1}`}`}
              labelHidden
              className="flex-1"
              type="password"
              autoComplete="off"
              placeholder={variable.isKept ? 'kept as it is' : 'value'}
              value={variable.value}
              onChange={(event) => replace(index, { value: event.target.value })}
            />
            <IconButton
              label={`Remove ${variable.name || `variable ${index + 1}`}`}
              icon={<Trash2 size={14} strokeWidth={1.75} />}
              onClick={() => onChange(variables.filter((_, at) => at !== index))}
            />
          </div>
        ))}
      </div>
      {error !== undefined && (
        <p role="alert" className="mt-1 text-sm text-failed">
          {error}
        </p>
      )}
      <Button
        size="sm"
        className={variables.length === 0 ? '' : 'mt-2'}
        icon={<Plus size={14} strokeWidth={2} />}
        onClick={() => onChange([...variables, { name: '', value: '', isKept: false }])}
      >
        Add a variable
      </Button>
      <p className="mt-1 text-sm text-ink-3">Values are kept on the server and are not shown again.</p>
    </fieldset>
  );
}

interface FooterProps {
  error: string | undefined;
  busy: boolean;
  isNew: boolean;
  onSave(): void;
  onClose(): void;
}

function Footer({ error, busy, isNew, onSave, onClose }: FooterProps) {
  return (
    <DialogFoot onCancel={onClose} problem={error}>
      <Button variant="primary" disabled={busy} onClick={onSave}>
        {isNew ? 'Add agent' : 'Save changes'}
      </Button>
    </DialogFoot>
  );
}
