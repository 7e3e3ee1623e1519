import { z } from 'zod';

export const MAX_PROMPT_CHARS = 1_000_000;
export const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const;

export const textPartSchema = z.strictObject({ type: z.literal('text'), text: z.string().max(MAX_PROMPT_CHARS) });
/** `data` is standard base64 without a `data:` prefix. */
export const imagePartSchema = z.strictObject({
  type: z.literal('image'),
  mediaType: z.enum(IMAGE_TYPES),
  data: z.base64().min(1),
});
/** `path` is absolute or relative to the session's folder. */
export const filePartSchema = z.strictObject({ type: z.literal('file'), path: z.string().min(1).max(4096) });

export const inputPartSchema = z.discriminatedUnion('type', [textPartSchema, imagePartSchema, filePartSchema]);
export type InputPart = z.infer<typeof inputPartSchema>;

const isWorthSending = (parts: InputPart[]) => parts.some((part) => part.type !== 'text' || part.text.trim() !== '');

/** What a caller may send: a string or parts. Parsing always gives parts. A prompt of nothing but blanks is refused. */
export const inputSchema = z
  .union([
    z
      .string()
      .max(MAX_PROMPT_CHARS)
      .transform((text): InputPart[] => [{ type: 'text', text }]),
    z.array(inputPartSchema).min(1).max(100),
  ])
  .refine(isWorthSending, 'The prompt is empty');

/** Parts as they are stored in events. */
export const storedInputSchema = z.array(inputPartSchema);

export function toPlainText(parts: readonly InputPart[]): string {
  return parts
    .map((part) => (part.type === 'text' ? part.text : part.type === 'file' ? `@${part.path}` : '[image]'))
    .join('\n');
}
