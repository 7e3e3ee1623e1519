import type { CallOptions } from '@baton/client';
import type { BackendView, TaskId } from '@baton/protocol';
import { toCwd } from '../new-session/folder-listing.ts';
import { readSchema } from './read-schema.ts';

/** A new task as its form holds it: what is not chosen is empty. */
export interface TaskDraft {
  readonly title: string;
  readonly prompt: string;
  readonly backend: string;
  readonly folder: string;
  readonly model: string;
  readonly mode: string;
  readonly priority: 'low' | 'normal' | 'high';
  readonly after: readonly TaskId[];
  readonly retries: string;
  readonly schema: string;
}

export const emptyTask: TaskDraft = {
  ...{ title: '', prompt: '', backend: '', folder: '', model: '', mode: '' },
  ...{ priority: 'normal', after: [], retries: '0', schema: '' },
};

export type TaskField = 'title' | 'prompt' | 'backend' | 'folder' | 'schema' | 'form';
export type TaskErrors = Partial<Record<TaskField, string>>;
export type TaskBody = CallOptions<'createTask'>['body'];
export type TaskRead = { ok: true; body: TaskBody } | { ok: false; errors: TaskErrors };

const PRIORITIES: Record<TaskDraft['priority'], number> = { low: -10, normal: 0, high: 10 };

/** The task a form describes, or what is missing, field by field. A title is made of the prompt when none is given. */
export function readTaskDraft(draft: TaskDraft): TaskRead {
  const { prompt, backend, model, mode } = draft;
  const cwd = toCwd(draft.folder);
  const schema = readSchema(draft.schema);
  const errors: TaskErrors = {
    ...(prompt.trim() === '' ? { prompt: 'Say what the agent has to do.' } : {}),
    ...(backend === '' ? { backend: 'Choose an agent.' } : {}),
    ...(cwd === '' ? { folder: 'Choose the folder the agent works in.' } : {}),
    ...(schema.ok ? {} : { schema: schema.problem }),
  };
  if (Object.keys(errors).length > 0 || !schema.ok) return { ok: false, errors };
  return {
    ok: true,
    body: {
      title: toTitle(draft),
      ...{ prompt, backend, cwd },
      ...(model === '' ? {} : { model }),
      ...(mode === '' ? {} : { mode }),
      priority: PRIORITIES[draft.priority],
      after: [...draft.after],
      retries: Number(draft.retries),
      ...(schema.schema === undefined ? {} : { schema: schema.schema }),
    },
  };
}

function toTitle({ title, prompt }: TaskDraft): string {
  const given = title.trim();
  return (given === '' ? (prompt.trim().split('\n')[0] ?? '') : given).slice(0, 300);
}

/** The agents that could start now; the one chosen stays even when it could not. */
export function toStartable(backends: readonly BackendView[], chosen: string): readonly BackendView[] {
  return backends.filter(({ id, installed, problem }) => id === chosen || (installed && problem === undefined));
}
