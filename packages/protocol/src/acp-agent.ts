import { z } from 'zod';
import { programText } from './program-text.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * A program that speaks the Agent Client Protocol on its standard input and output, and how it is started.
 * `id` is the backend's id, and permanent: sessions refer to it.
 */
export const acpAgentDefinitionSchema = z.strictObject({
  id: z
    .string()
    .max(64)
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'Use small letters, digits and single dashes'),
  title: z.string().trim().min(1, 'The title is empty').max(80, 'The title is longer than 80 characters'),
  /** A name that is looked for on PATH and in the usual places, or an absolute path. */
  command: programText(4096).refine((text) => text.trim() !== '', 'The command is empty'),
  args: z.array(programText(4096)).max(100).default([]),
  /** Set for the program; what a session sets itself wins. */
  env: z.record(z.string().regex(NAME), programText(32_768)).optional(),
  /** Names of variables of the server's own environment that the program gets too; a `*` at the end stands for any ending. */
  passes: z
    .array(
      z
        .string()
        .max(200)
        .regex(/^[A-Za-z_][A-Za-z0-9_]*\*?$/),
    )
    .max(100)
    .optional(),
  /** One or two letters, or a small picture as a `data:` address. */
  icon: z.string().max(12_000).optional(),
  /** For whoever has not installed it: one sentence, such as 'Install it with "npm install -g x"'. */
  install: z.string().max(500).optional(),
  /** For whoever is not signed in: one sentence. */
  signIn: z.string().max(500).optional(),
  /** Whether the program may ask Baton to read and write files of the session's folder; default true. */
  files: z.boolean().optional(),
  /** Whether the program may ask Baton to run commands; default true. */
  terminals: z.boolean().optional(),
});
export type AcpAgentDefinition = z.infer<typeof acpAgentDefinitionSchema>;
