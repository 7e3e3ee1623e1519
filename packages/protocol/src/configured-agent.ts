import { z } from 'zod';
import { acpAgentDefinitionSchema, MAX_ICON } from './acp-agent.ts';
import { programText } from './program-text.ts';

const PICTURE = /^data:image\/(?:png|webp|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}$/;
const LETTERS = /^[\p{L}\p{N}]{1,2}$/u;

/** One or two letters, or a small picture. Pages show it as an image and never as markup, so that it can run nothing. */
export const agentIconSchema = z
  .string()
  .max(MAX_ICON)
  .refine(
    (text) => LETTERS.test(text) || PICTURE.test(text),
    'Give one or two letters, or a picture as data:image/png, webp or svg+xml in base64, of 9 KB at most',
  );

/** An ACP agent as its owner writes it down, in the settings file and over the API. */
export const configuredAgentSchema = acpAgentDefinitionSchema.extend({ icon: agentIconSchema.optional() });
export type ConfiguredAgent = z.infer<typeof configuredAgentSchema>;

/** A change of one. `null` keeps the value of a variable, since values are never told. */
export const configuredAgentChangeSchema = configuredAgentSchema.omit({ id: true }).extend({
  env: z.record(configuredAgentSchema.shape.env.unwrap().keyType, programText(32_768).nullable()).optional(),
});
export type ConfiguredAgentChange = z.infer<typeof configuredAgentChangeSchema>;

/** The same as the API tells it: of the variables only the names. */
export const configuredAgentViewSchema = configuredAgentSchema.extend({ env: z.array(z.string()) });
export type ConfiguredAgentView = z.infer<typeof configuredAgentViewSchema>;
