import { z } from 'zod';
import { changeFile, readText } from './change-file.ts';
import { defineTool } from './define-tool.ts';
import { failed } from './tool.ts';

export const writeFileTool = defineTool({
  name: 'write',
  description: 'Writes a whole file, replacing what was there. Missing folders are made.',
  kind: 'edit',
  input: z.object({
    path: z.string().min(1).describe('Absolute, or relative to the session folder'),
    content: z.string().max(5_000_000),
  }),
  prepare: async (input, scope) => {
    const target = await scope.resolve(input.path);
    return {
      title: `Write ${target.shown}`,
      need: { type: 'edit', path: target.real, isOutside: target.isOutside },
      locations: [{ path: target.real }],
      run: async (context) => {
        const before = await readText(target);
        if (typeof before === 'object') return failed(before.refused);
        return changeFile(context.scope, target, { before, after: input.content });
      },
    };
  },
});
