import { z } from 'zod';
import { withCut } from './cut-text.ts';
import { defineTool } from './define-tool.ts';

const DEFAULT_SECONDS = 120;
const MAX_SECONDS = 1800;

export const runCommandTool = defineTool({
  name: 'bash',
  description:
    'Runs a shell command in the session folder and returns what it printed and its exit code. It has no input and no terminal. ' +
    'Everything it started ends with it, also what was put into the background.',
  kind: 'execute',
  input: z.object({
    command: z.string().min(1).max(100_000),
    description: z.string().optional().describe('What the command is for, in a few words'),
    timeout: z
      .number()
      .positive()
      .max(MAX_SECONDS)
      .optional()
      .describe(`Seconds, at most ${MAX_SECONDS}; ${DEFAULT_SECONDS} if absent`),
  }),
  prepare: (input) => ({
    title: input.command,
    need: { type: 'run', command: input.command },
    locations: [],
    run: async (context) => {
      const seconds = input.timeout ?? DEFAULT_SECONDS;
      const end = await context.runCommand({
        command: input.command,
        cwd: context.scope.root,
        timeoutMs: seconds * 1000,
        signal: context.signal,
        onOutput: context.onOutput,
      });
      const note = end.timedOut
        ? `\n[ended after ${seconds} s]`
        : end.signal === null
          ? ''
          : `\n[ended by ${end.signal}]`;
      return {
        status: end.exitCode === 0 ? 'completed' : 'failed',
        output: [{ type: 'terminal', text: `${end.text}${note}`.trim(), exitCode: end.exitCode, ...withCut(end.cut) }],
      };
    },
  }),
});
