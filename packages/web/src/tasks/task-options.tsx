import type { BackendView, TaskId } from '@baton/protocol';
import { ChevronRight } from 'lucide-react';
import { Segmented } from '../ui/segmented.tsx';
import { Select } from '../ui/select.tsx';
import { TextArea } from '../ui/text-field.tsx';
import { readSchema } from './read-schema.ts';
import { isOver } from './task-lanes.ts';
import type { TaskDraft } from './task-form-state.ts';
import { useTasks } from './use-tasks.ts';

const DEFAULT = '*default*';
const RETRIES = ['0', '1', '2', '3', '5', '10'].map((value) => ({
  value,
  title: value === '0' ? 'Not again' : value === '1' ? 'Once' : `${value} times`,
}));

export interface TaskOptionsProps {
  draft: TaskDraft;
  backend: BackendView | undefined;
  /** About the schema. */
  error: string | undefined;
  onChange(part: Partial<TaskDraft>): void;
}

/** How a task is to be done, where the defaults do not fit. */
export function TaskOptions({ draft, backend, error, onChange }: TaskOptionsProps) {
  const schema = readSchema(draft.schema);
  return (
    <details className="group rounded-md border border-line" open={error !== undefined || undefined}>
      <summary className="flex h-9 items-center gap-2 px-3 font-medium coarse:h-11">
        <ChevronRight
          size={14}
          strokeWidth={1.75}
          aria-hidden="true"
          className="text-ink-3 transition-[rotate] duration-100 group-open:rotate-90"
        />
        More choices
      </summary>
      <div className="flex flex-col gap-4 border-t border-line p-3">
        <div className="grid gap-3 wide:grid-cols-2">
          <Offered
            label="Model"
            value={draft.model}
            options={backend?.models ?? []}
            onChange={(model) => onChange({ model })}
          />
          <Offered
            label="Mode"
            value={draft.mode}
            options={backend?.modes ?? []}
            onChange={(mode) => onChange({ mode })}
          />
          <Segmented<TaskDraft['priority']>
            label="Priority"
            value={draft.priority}
            onChange={(priority) => onChange({ priority })}
            options={[
              { value: 'low', title: 'Low' },
              { value: 'normal', title: 'Normal' },
              { value: 'high', title: 'High' },
            ]}
          />
          <Select
            label="Try again after a failure"
            value={draft.retries}
            onChange={(retries) => onChange({ retries })}
            options={RETRIES}
          />
        </div>
        <AfterField chosen={draft.after} onChange={(after) => onChange({ after })} />
        <TextArea
          label="Schema of the result"
          placeholder={'{ "type": "object", "properties": { "ok": { "type": "boolean" } } }'}
          description="JSON Schema. With it the agent has to end with JSON that follows it."
          spellCheck={false}
          value={draft.schema}
          error={error ?? (schema.ok ? undefined : schema.problem)}
          onChange={(event) => onChange({ schema: event.target.value })}
          className="font-mono"
        />
      </div>
    </details>
  );
}

interface OfferedProps {
  label: string;
  value: string;
  options: readonly { id: string; title: string }[];
  onChange(value: string): void;
}

function Offered({ label, value, options, onChange }: OfferedProps) {
  if (options.length === 0) return null;
  return (
    <Select
      label={label}
      value={value === '' ? DEFAULT : value}
      onChange={(next) => onChange(next === DEFAULT ? '' : next)}
      options={[{ value: DEFAULT, title: 'Default' }, ...options.map(({ id, title }) => ({ value: id, title }))]}
    />
  );
}

function AfterField({ chosen, onChange }: { chosen: readonly TaskId[]; onChange(ids: readonly TaskId[]): void }) {
  const open = (useTasks().data ?? []).filter((task) => !isOver(task) || chosen.includes(task.id));
  if (open.length === 0) return null;
  const toggle = (id: TaskId, isChosen: boolean) =>
    onChange(isChosen ? [...chosen, id] : chosen.filter((each) => each !== id));
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium text-ink-2">Starts after</legend>
      <ul className="scroll-thin max-h-40 overflow-y-auto rounded-md border border-line">
        {open.map((task) => (
          <li key={task.id}>
            <label className="flex min-h-8 items-center gap-2 px-2.5 hover:bg-hover coarse:min-h-11">
              <input
                type="checkbox"
                checked={chosen.includes(task.id)}
                onChange={(event) => toggle(task.id, event.target.checked)}
                className="size-3.5 accent-(--accent)"
              />
              <span className="min-w-0 truncate">{task.title}</span>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
