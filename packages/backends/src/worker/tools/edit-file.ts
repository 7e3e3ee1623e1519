import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { changeFile, readText } from './change-file.ts';
import { defineTool } from './define-tool.ts';
import { failed } from './tool.ts';

export const editFileTool = defineTool({
  name: 'edit',
  description:
    'Replaces one passage of a file by another. `old` must be exactly as in the file, with its indentation, and occur once, unless `all` is true.',
  kind: 'edit',
  input: z.object({
    path: z.string().min(1).describe('Absolute, or relative to the session folder'),
    old: z.string().min(1),
    new: z.string(),
    all: z.boolean().optional().describe('Replace every occurrence'),
  }),
  prepare: async (input, scope) => {
    const target = await scope.resolve(input.path);
    return {
      title: `Edit ${target.shown}`,
      need: { type: 'edit', path: target.real, isOutside: target.isOutside },
      locations: [{ path: target.real }],
      run: async (context) => {
        const before = await readText(target);
        if (before === undefined) return failed(`There is no file ${target.shown}.`);
        if (typeof before === 'object') return failed(before.refused);
        // What is no UTF-8 reads as U+FFFD, and would be written so wherever else it stands in the file.
        if (!isUtf8(await readFile(target.real)))
          return failed(`${target.shown} is not UTF-8: an edit would damage the rest of it. Change it with a command.`);
        const after = replace(before, input);
        return 'problem' in after
          ? failed(after.problem)
          : changeFile(context.scope, target, { before, after: after.text });
      },
    };
  },
});

interface Passage {
  old: string;
  new: string;
  all?: boolean | undefined;
}

/** Models write \n; a file with \r\n keeps its own line ends. */
function replace(text: string, passage: Passage): { text: string } | { problem: string } {
  const isCrlf = text.includes('\r\n') && !text.includes(passage.old);
  const [old, fresh] = isCrlf ? [toCrlf(passage.old), toCrlf(passage.new)] : [passage.old, passage.new];
  const count = text.split(old).length - 1;
  if (count === 0) return { problem: 'The passage `old` is not in the file. Read the file again and copy it exactly.' };
  if (old === fresh) return { problem: 'The passages `old` and `new` are the same.' };
  if (count > 1 && passage.all !== true) {
    return {
      problem: `The passage \`old\` is in the file ${count} times. Give more of its surroundings, or set \`all\`.`,
    };
  }
  return { text: text.split(old).join(fresh) };
}

const toCrlf = (text: string): string => text.replace(/\r?\n/g, '\r\n');
