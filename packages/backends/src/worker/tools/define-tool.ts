import { toInvalidInput } from '@baton/protocol';
import { z } from 'zod';
import type { ToolDefinition, WorkerTool } from './tool.ts';

/** A tool from its definition: one zod schema checks the input and is shown to the model as JSON Schema. */
export function defineTool<I>(definition: ToolDefinition<I>): WorkerTool {
  const { name, description, kind, input } = definition;
  let schema: Record<string, unknown> | undefined;
  return {
    name,
    description,
    kind,
    // Made when a model is first asked: a server that starts has no use for it.
    get schema() {
      schema ??= toSchema(input);
      return schema;
    },
    isOffered: definition.isOffered ?? (() => true),
    prepare: async (value, scope) => {
      const parsed = input.safeParse(value);
      if (!parsed.success) throw toInvalidInput(`the input of ${name}`, parsed.error);
      return definition.prepare(parsed.data, scope);
    },
  };
}

function toSchema(input: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(input, { io: 'input' });
  return schema;
}
