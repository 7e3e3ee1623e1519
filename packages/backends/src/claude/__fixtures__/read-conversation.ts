import type { Rehearsal } from '@baton/rehearsal';
import { z } from 'zod';

const blockSchema = z.looseObject({ type: z.string(), text: z.string().optional() });
const bodySchema = z.looseObject({
  messages: z.array(z.object({ role: z.string(), content: z.union([z.string(), z.array(blockSchema)]) })),
  output_config: z.looseObject({ effort: z.string().optional() }).optional(),
});

/** What the model was asked last, on the main thread. */
export function lastRequest(rehearsal: Rehearsal) {
  const last = rehearsal.requests().findLast((request) => request.kind === 'main');
  return bodySchema.parse(last?.body);
}

/** All that a person said in the conversation the model was sent last, without what the CLI adds by itself. */
export function lastPrompts(rehearsal: Rehearsal): string[] {
  return lastRequest(rehearsal).messages.flatMap(({ role, content }) => {
    if (role !== 'user') return [];
    const texts = typeof content === 'string' ? [content] : content.map((block) => block.text ?? '');
    return texts.map((text) => text.trim()).filter((text) => text !== '' && !text.startsWith('<'));
  });
}

/** Everything the model was sent last, as one text. */
export function lastConversation(rehearsal: Rehearsal): string {
  return JSON.stringify(lastRequest(rehearsal).messages);
}
