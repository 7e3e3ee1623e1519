import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { said } from './tool.ts';

export const todoTool = defineTool({
  name: 'todo',
  description:
    'Keeps the list of what is to be done, shown to the user. Give the whole list every time. For work of three steps or more.',
  kind: 'think',
  input: z.object({
    todos: z
      .array(z.object({ title: z.string().min(1), status: z.enum(['pending', 'in-progress', 'completed']) }))
      .max(100),
  }),
  prepare: (input) => ({
    title: 'Update the list',
    need: { type: 'nothing' },
    locations: [],
    run: async (context) => {
      await context.setPlan(input.todos);
      const done = input.todos.filter((entry) => entry.status === 'completed').length;
      return said(`The list is shown: ${done} of ${input.todos.length} done.`);
    },
  }),
});
