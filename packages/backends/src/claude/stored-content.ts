import { z } from 'zod';

const count = z.number().nullish().catch(undefined);
const messageSchema = z.object({
  id: z.string().optional().catch(undefined),
  model: z.string().optional().catch(undefined),
  content: z.unknown().optional(),
  usage: z
    .object({
      input_tokens: count,
      output_tokens: count,
      cache_read_input_tokens: count,
      cache_creation_input_tokens: count,
    })
    .optional()
    .catch(undefined),
});
export type StoredMessage = z.infer<typeof messageSchema>;

const blockSchema = z.object({
  type: z.string(),
  text: z.string().optional().catch(undefined),
  id: z.string().optional().catch(undefined),
  name: z.string().optional().catch(undefined),
  input: z.unknown().optional(),
  tool_use_id: z.string().optional().catch(undefined),
  source: z.unknown().optional(),
});
export type StoredBlock = z.infer<typeof blockSchema>;

/** The model's or the user's message of a line; undefined when there is none. */
export function toMessage(value: unknown): StoredMessage | undefined {
  const parsed = messageSchema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/** The blocks of a message; a string is one of text. Damaged ones are left out. */
export function toBlocks(content: unknown): StoredBlock[] {
  if (typeof content === 'string') return [{ type: 'text', text: content, input: undefined, source: undefined }];
  if (!Array.isArray(content)) return [];
  return content.flatMap((each) => {
    const block = blockSchema.safeParse(each);
    return block.success ? [block.data] : [];
  });
}
