import { z } from 'zod';
import { programText } from './program-text.ts';

/** Characters of a mark: a picture of 32 px twice over as a `data:` address. */
export const MAX_ICON = 12_000;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Control characters and line ends, and what hides text or turns its order around: one agent could pass for another. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

/** What stands on one line in front of people who choose an agent, or follow what it says. */
const shownLine = (max: number) =>
  z
    .string()
    .trim()
    .max(max, `Longer than ${max} characters`)
    .refine((text) => !UNSEEN.test(text), 'Has characters that cannot be seen, such as a line end. Type it anew');

/**
 * A program that speaks the Agent Client Protocol on its standard input and output, and how it is started.
 * `id` is the backend's id, and permanent: sessions refer to it.
 */
export const acpAgentDefinitionSchema = z.strictObject({
  id: z
    .string()
    .max(64)
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'Use small letters, digits and single dashes'),
  title: shownLine(80).min(1, 'The title is empty'),
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
  icon: z.string().max(MAX_ICON).optional(),
  /** For whoever has not installed it: one sentence, such as 'Install it with "npm install -g x"'. */
  install: shownLine(500).optional(),
  /** For whoever is not signed in: one sentence. */
  signIn: shownLine(500).optional(),
  /** Whether the program may ask Baton to read and write files of the session's folder; default true. */
  files: z.boolean().optional(),
  /** Whether the program may ask Baton to run commands; default true. */
  terminals: z.boolean().optional(),
});
export type AcpAgentDefinition = z.infer<typeof acpAgentDefinitionSchema>;
