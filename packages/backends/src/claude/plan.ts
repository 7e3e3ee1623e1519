import { z } from 'zod';
import { update } from '../agent/step.ts';
import type { PlanEntry, Step } from './state.ts';
import { ensureTurn } from './turn.ts';

const todosSchema = z.object({ todos: z.array(z.object({ content: z.string(), status: z.string() })) });
const changeSchema = z.object({
  taskId: z.coerce.string(),
  status: z.string().optional(),
  subject: z.string().optional(),
});
const createdSchema = z.object({ task: z.object({ id: z.coerce.string(), subject: z.string() }) });

/** A call or its result changes the plan; older and newer versions keep it with different tools. */
export function notePlan(step: Step, call: { tool: string; input: unknown; detail: unknown }): void {
  const plan = toPlan(step.state.plan, call);
  if (plan === undefined) return;
  update(step, { plan });
  const turnId = ensureTurn(step, { isBackground: false });
  step.reports.push({ type: 'plan.updated', turnId, entries: plan.map(({ title, status }) => ({ title, status })) });
}

function toPlan(
  plan: readonly PlanEntry[],
  { tool, input, detail }: { tool: string; input: unknown; detail: unknown },
): readonly PlanEntry[] | undefined {
  if (tool === 'TodoWrite') {
    const whole = todosSchema.safeParse(input);
    if (!whole.success) return undefined;
    return whole.data.todos.map((todo, index) => ({
      id: String(index),
      title: todo.content,
      status: toStatus(todo.status),
    }));
  }
  if (tool === 'TaskCreate') {
    const created = createdSchema.safeParse(detail);
    if (!created.success) return undefined;
    return [...plan, { id: created.data.task.id, title: created.data.task.subject, status: 'pending' }];
  }
  return tool === 'TaskUpdate' ? toChangedPlan(plan, input) : undefined;
}

function toChangedPlan(plan: readonly PlanEntry[], input: unknown): readonly PlanEntry[] | undefined {
  const change = changeSchema.safeParse(input);
  if (!change.success) return undefined;
  const { taskId, status, subject } = change.data;
  if (status === 'deleted') return plan.filter((entry) => entry.id !== taskId);
  return plan.map((entry) =>
    entry.id === taskId
      ? { ...entry, title: subject ?? entry.title, status: status === undefined ? entry.status : toStatus(status) }
      : entry,
  );
}

function toStatus(status: string): PlanEntry['status'] {
  if (status === 'in_progress') return 'in-progress';
  return status === 'completed' ? 'completed' : 'pending';
}
