import { z } from 'zod';

const partSchema = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  image_url: z.string().optional().catch(undefined),
  encrypted_content: z.string().optional().catch(undefined),
});
export type Part = z.infer<typeof partSchema>;

export const contentSchema = z
  .union([z.string().transform((text): Part[] => [{ type: 'input_text', text }]), z.array(partSchema)])
  .nullish()
  .catch(null)
  .transform((content) => content ?? []);

export const itemSchema = z.looseObject({
  // The short form of a message has no type.
  type: z.string().default('message'),
  role: z.string().optional(),
  content: contentSchema,
  call_id: z.string().optional(),
  name: z.string().optional(),
  input: z.unknown().optional(),
  output: z.unknown().optional(),
  tools: z.array(z.unknown()).optional(),
});
/** One item of what a request holds: a message, a call, a result. */
export type Item = z.infer<typeof itemSchema>;

export const isCall = ({ type }: Item): boolean => type === 'function_call' || type === 'custom_tool_call';

export const toText = (parts: readonly Part[]): string => parts.flatMap((part) => part.text ?? []).join('\n');

/** What one agent says to another stands under a heading; the words themselves are sealed, here with no seal at all. */
export const HEADING = /^Message Type: (\w+)[\s\S]*?\nPayload:\s*/;

/** What a subagent found, as its caller is told. */
export const isAnswer = ({ type, content }: Item): boolean =>
  type === 'agent_message' && HEADING.exec(toText(content))?.[1] === 'FINAL_ANSWER';
