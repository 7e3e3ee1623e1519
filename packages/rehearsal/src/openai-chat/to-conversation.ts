import { toInvalidInput } from '@baton/protocol';
import { z } from 'zod';
import type { Conversation, ImagePart, Message } from '../play/conversation.ts';
import type { ApiRequest } from '../serve/model-api.ts';

const partSchema = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  image_url: z.looseObject({ url: z.string() }).optional().catch(undefined),
});
type Part = z.infer<typeof partSchema>;

const contentSchema = z
  .union([z.string().transform((text): Part[] => [{ type: 'text', text }]), z.array(partSchema)])
  .nullish()
  .transform((content) => content ?? []);

const messageSchema = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: contentSchema,
  tool_calls: z
    .array(z.looseObject({ id: z.string(), function: z.looseObject({ name: z.string() }).optional() }))
    .nullish(),
  tool_call_id: z.string().optional(),
});
type ApiMessage = z.infer<typeof messageSchema>;

const requestSchema = z.looseObject({
  model: z.string(),
  stream: z.boolean().nullish(),
  messages: z.array(messageSchema).min(1),
  tools: z
    .array(
      z.looseObject({
        function: z
          .looseObject({ name: z.string(), parameters: z.record(z.string(), z.unknown()).optional() })
          .optional(),
      }),
    )
    .optional(),
  user: z.string().nullish(),
  prompt_cache_key: z.string().nullish(),
});

/** What a Chat Completions request says; `invalid` with the reason when the real API would refuse it. */
export function toConversation({ body, headers }: ApiRequest): Conversation | { invalid: string } {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) return { invalid: toInvalidInput('the request', parsed.error).message };
  const { data } = parsed;
  const unanswered = findUnanswered(data.messages);
  if (unanswered !== undefined) return { invalid: unanswered };
  const isSystem = (message: ApiMessage): boolean => message.role === 'system' || message.role === 'developer';
  return {
    model: data.model,
    system: data.messages
      .filter(isSystem)
      .map((message) => toText(message.content))
      .join('\n'),
    messages: data.messages.filter((message) => !isSystem(message)).map(toMessage),
    tools: (data.tools ?? []).flatMap((tool) =>
      tool.function === undefined ? [] : [{ name: tool.function.name, schema: tool.function.parameters ?? {} }],
    ),
    stream: data.stream ?? false,
    sessionKey: data.user ?? data.prompt_cache_key ?? '',
    userAgent: headers['user-agent'] ?? '',
  };
}

function toMessage({ role, content, tool_calls: calls }: ApiMessage): Message {
  const text = toText(content);
  if (role === 'assistant') return { role, text, calls: (calls ?? []).map((call) => call.function?.name ?? '') };
  // The API has no mark for a failed call: agents say so in words.
  if (role === 'tool') return { role: 'user', text: '', images: [], results: [{ text, isError: FAILED.test(text) }] };
  return { role: 'user', text, images: toImages(content), results: [] };
}

const FAILED = /^error\b|^the user rejected permission/i;

const toText = (parts: readonly Part[]): string => parts.flatMap((part) => part.text ?? []).join('\n');

function toImages(parts: readonly Part[]): ImagePart[] {
  return parts.flatMap((part) => {
    const match = /^data:([^;]+);base64,(.*)$/s.exec(part.image_url?.url ?? '');
    return match === null ? [] : [{ mediaType: match[1] ?? '', size: (match[2] ?? '').length }];
  });
}

// As the real API: a history in which a call has no result is refused.
function findUnanswered(messages: readonly ApiMessage[]): string | undefined {
  const open = new Set<string>();
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') {
      if (!open.delete(message.tool_call_id ?? ''))
        return `messages.[${index}].role: messages with role 'tool' must be a response to a preceding message with 'tool_calls'.`;
      continue;
    }
    if (open.size > 0) break;
    for (const call of message.tool_calls ?? []) open.add(call.id);
  }
  const [missing] = open;
  if (missing === undefined) return undefined;
  return `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${missing}`;
}
