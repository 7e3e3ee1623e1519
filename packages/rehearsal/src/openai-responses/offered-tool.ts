import { z } from 'zod';
import type { OfferedTool } from '../play/conversation.ts';

/** How a tool of this API is called; kept in its schema, where the script does not look. */
export interface CallForm {
  /** `nested`: by a line of JavaScript that is given to the one tool `exec` ("code mode" of the newest models). */
  form: 'function' | 'custom' | 'nested' | 'nested-custom';
  namespace?: string | undefined;
}

const FORM = 'x-call-form';

const formSchema = z.object({
  form: z.enum(['function', 'custom', 'nested', 'nested-custom']),
  namespace: z.string().optional(),
});

/** The form of a tool by its name; a tool that is not offered is taken for a function. */
export function toCallForm(tools: readonly OfferedTool[], name: string): CallForm {
  const tool = tools.find((offered) => offered.name === name);
  const parsed = formSchema.safeParse(tool?.schema[FORM]);
  return parsed.success ? parsed.data : { form: 'function' };
}

const toolSchema = z.looseObject({
  type: z.string(),
  name: z.string().optional(),
  description: z.string().optional(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  tools: z.array(z.unknown()).optional(),
});

/** The tools of a request, those of namespaces and those inside `exec` among them. Tools of the provider are left out. */
export function toOfferedTools(tools: readonly unknown[], namespace?: string): OfferedTool[] {
  return tools.flatMap((tool) => {
    const parsed = toolSchema.safeParse(tool);
    if (!parsed.success) return [];
    const { type, name, parameters, description = '' } = parsed.data;
    if (type === 'namespace') return toOfferedTools(parsed.data.tools ?? [], name);
    if (name === undefined) return [];
    if (type === 'custom' && name === CODE_TOOL) return toNestedTools(description);
    if (type === 'custom') return [offer(name, { form: 'custom', namespace }, {})];
    return type === 'function' ? [offer(name, { form: 'function', namespace }, parameters ?? {})] : [];
  });
}

/** The tool that takes JavaScript, which calls the others. */
export const CODE_TOOL = 'exec';

const PLAN_ENTRY = { step: {}, status: { enum: ['pending', 'in_progress', 'completed'] } };
const NESTED_FIELDS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  exec_command: { cmd: {}, yield_time_ms: {} },
  update_plan: { plan: { type: 'array', items: { properties: PLAN_ENTRY } } },
  view_image: { path: {} },
};
const DECLARED = /declare const tools: \{ (\w+)\(/g;

// They are described as declarations of TypeScript; only the fields that scripts fill are worth knowing.
function toNestedTools(description: string): OfferedTool[] {
  return [...description.matchAll(DECLARED)].map(([, name = '']) => {
    const form = name === 'apply_patch' ? ('nested-custom' as const) : ('nested' as const);
    return offer(name, { form, namespace: 'functions' }, { properties: NESTED_FIELDS[name] ?? {} });
  });
}

function offer(name: string, form: CallForm, schema: Readonly<Record<string, unknown>>): OfferedTool {
  return { name, schema: { ...schema, [FORM]: form } };
}
