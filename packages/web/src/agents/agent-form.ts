import {
  type ConfiguredAgentView,
  configuredAgentChangeSchema,
  configuredAgentSchema,
  isAppError,
} from '@baton/protocol';
import type { AgentEdit } from './use-agents.ts';

/** What stands in the form. */
export interface AgentDraft {
  title: string;
  id: string;
  command: string;
  /** One argument on each line. */
  args: string;
  icon: string;
  variables: readonly DraftVariable[];
}

export interface DraftVariable {
  name: string;
  value: string;
  /** It has a value on the server, which the page never sees. */
  isKept: boolean;
}

export type AgentFormErrors = Partial<Record<'title' | 'id' | 'command' | 'args' | 'icon' | 'env' | 'form', string>>;

export const EMPTY_DRAFT: AgentDraft = { title: '', id: '', command: '', args: '', icon: '', variables: [] };

export function toDraft(agent: ConfiguredAgentView): AgentDraft {
  const { title, id, command, args, icon = '', env } = agent;
  const variables = env.map((name) => ({ name, value: '', isKept: true }));
  return { title, id, command, args: args.join('\n'), icon, variables };
}

/** Whether a program can have a variable of this name; an empty one is not given to it. */
export function isVariableName(name: string): boolean {
  return /^([A-Za-z_][A-Za-z0-9_]*)?$/.test(name.trim());
}

/** "My Agent 2" as an id: `my-agent-2`. */
export function toAgentId(title: string): string {
  const plain = title.normalize('NFKD').toLowerCase();
  return plain
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 64)
    .replace(/-+$/, '');
}

/** What to ask of the server, or what is wrong and where. `before`: the agent that is changed. */
export function toEdit(
  draft: AgentDraft,
  before: ConfiguredAgentView | undefined,
): { edit: AgentEdit } | { errors: AgentFormErrors } {
  const variables = draft.variables.filter(({ name }) => name.trim() !== '');
  const env = variables.map(({ name, value, isKept }) => [name.trim(), isKept && value === '' ? null : value]);
  const common = {
    ...(before === undefined ? {} : toUnshown(before)),
    title: draft.title,
    command: draft.command.trim(),
    args: draft.args.split('\n').filter((line) => line.trim() !== ''),
    ...(draft.icon.trim() === '' ? {} : { icon: draft.icon.trim() }),
    ...(env.length === 0 ? {} : { env: Object.fromEntries(env) }),
  };
  if (before !== undefined) {
    const parsed = configuredAgentChangeSchema.safeParse(common);
    return parsed.success
      ? { edit: { type: 'update', id: before.id, agent: parsed.data } }
      : { errors: toErrors(parsed.error.issues) };
  }
  const parsed = configuredAgentSchema.safeParse({ ...common, id: draft.id.trim() || toAgentId(draft.title) });
  if (parsed.success) return { edit: { type: 'create', agent: parsed.data } };
  const { id, ...errors } = toErrors(parsed.error.issues);
  // An id that is made of the title is missing because the title is.
  const isMade = draft.id.trim() === '' && errors.title !== undefined;
  return { errors: id === undefined || isMade ? errors : { ...errors, id } };
}

const SHOWN: ReadonlySet<string> = new Set(['id', 'title', 'command', 'args', 'icon', 'env']);

// What the form does not show stays as it is.
function toUnshown(agent: ConfiguredAgentView) {
  return Object.fromEntries(Object.entries(agent).filter(([name]) => !SHOWN.has(name)));
}

interface Issue {
  path: readonly PropertyKey[];
  message: string;
}

function toErrors(issues: readonly Issue[]): AgentFormErrors {
  const errors: AgentFormErrors = {};
  for (const { path, message } of issues) {
    const field = FIELDS.find((each) => each === path[0]) ?? 'form';
    errors[field] ??= field === 'env' ? 'A name has letters, digits and _, and begins with no digit' : message;
  }
  return errors;
}

const FIELDS = ['title', 'id', 'command', 'args', 'icon', 'env'] as const;

/** What the server refused, at its field. */
export function toRefusal(error: unknown): AgentFormErrors {
  if (!isAppError(error)) return { form: 'The agent was not saved: the page failed. Try again.' };
  if (error.kind === 'conflict' && error.message.includes('another id')) return { id: error.message };
  return { form: error.message };
}
