import { z } from 'zod';
import { stepSchema } from './step.ts';

/** A text to be contained in the prompt (any case), or `/regex/flags`. */
export const patternSchema = z
  .string()
  .min(1)
  .superRefine((value, context) => {
    try {
      toPattern(value);
    } catch (cause) {
      context.addIssue({
        code: 'custom',
        message: cause instanceof Error ? cause.message : 'Not a regular expression',
      });
    }
  });

/** Whether `text` has what a pattern of a scenario asks for. */
export function matchesPattern(pattern: string, text: string): boolean {
  return toPattern(pattern).test(text);
}

function toPattern(value: string): RegExp {
  const regex = /^\/(.+)\/([imsu]*)$/s.exec(value);
  if (regex?.[1] !== undefined) return new RegExp(regex[1], regex[2]);
  return new RegExp(value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i');
}

export const scriptedTurnSchema = z.strictObject({
  /** Plays whenever the prompt matches. Turns without it play one after another; the last of them repeats. */
  when: patternSchema.optional(),
  steps: z.array(stepSchema).min(1),
});
export type ScriptedTurn = z.infer<typeof scriptedTurnSchema>;

/** What a request beside the conversation gets, such as one for a title. */
const sideSchema = z.strictObject({ when: patternSchema, say: z.string() });

export const scenarioSchema = z.strictObject({
  /** Defaults to the name of the file. */
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'A name has lower-case letters, digits and dashes')
    .optional(),
  title: z.string().min(1),
  description: z.string().default(''),
  /** Milliseconds before each delta, unless a step says otherwise. */
  pace: z.int().min(0).max(60_000).default(0),
  /** Prompts to try it with, shown to the user. */
  prompts: z.array(z.string()).default([]),
  turns: z.array(scriptedTurnSchema).min(1),
  side: z.array(sideSchema).default([]),
});

export interface Scenario extends z.infer<typeof scenarioSchema> {
  name: string;
}
export type ScenarioInput = z.input<typeof scenarioSchema>;
