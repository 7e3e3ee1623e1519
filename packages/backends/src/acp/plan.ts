import type { EventOf } from '@baton/protocol';
import { z } from 'zod';

type Entries = EventOf<'plan.updated'>['entries'];

/** The entries of a plan, whether it comes as a list or as the text of a list with boxes. Undefined: neither. */
export function toPlanEntries(plan: {
  entries?: readonly { content: string; status: string }[] | null | undefined;
  content?: string | null | undefined;
}): Entries | undefined {
  if (plan.entries != null)
    return plan.entries.map(({ content, status }) => ({ title: content, status: toStatus(status) }));
  const lines = (plan.content ?? '')
    .split('\n')
    .map((line) => /^\s*(?:[-*]|\d+\.)\s+(\[[ xX~-]\]\s+)?(.*\S)\s*$/s.exec(line));
  const entries = lines.flatMap((line) => {
    if (line === null) return [];
    const [, box = '', title = ''] = line;
    return [{ title, status: /x/i.test(box) ? ('completed' as const) : ('pending' as const) }];
  });
  return entries.length === 0 ? undefined : entries;
}

const todosSchema = z.object({
  todos: z.array(z.object({ content: z.string(), status: z.string().catch('pending') })),
});

/** The plan that OpenCode tells only as what it calls its tool for it with. Undefined: another call. */
export function toCalledPlan(tool: string, input: unknown): Entries | undefined {
  const todos = tool === 'todowrite' ? todosSchema.safeParse(input).data?.todos : undefined;
  return todos === undefined ? undefined : toPlanEntries({ entries: todos });
}

function toStatus(status: string): Entries[number]['status'] {
  if (status === 'in_progress' || status === 'in-progress') return 'in-progress';
  return status === 'completed' ? 'completed' : 'pending';
}
