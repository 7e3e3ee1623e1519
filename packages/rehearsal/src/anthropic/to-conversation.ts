import { toInvalidInput } from '@baton/protocol';
import { z } from 'zod';
import type { Conversation, ImagePart, Message } from '../play/conversation.ts';
import type { ApiRequest } from '../serve/model-api.ts';

const sourceSchema = z.looseObject({ media_type: z.string().default(''), data: z.string().default('') });
const blockSchema = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  source: sourceSchema.optional().catch(undefined),
  is_error: z.boolean().nullish(),
  content: z.unknown().optional(),
});
type Block = z.infer<typeof blockSchema>;

const contentSchema = z.union([
  z.string().transform((text): Block[] => [{ type: 'text', text }]),
  z.array(blockSchema),
]);

const requestSchema = z.looseObject({
  model: z.string(),
  max_tokens: z.int().positive(),
  stream: z.boolean().optional(),
  system: contentSchema.optional(),
  messages: z.array(z.looseObject({ role: z.enum(['user', 'assistant', 'system']), content: contentSchema })).min(1),
  tools: z
    .array(z.looseObject({ name: z.string(), input_schema: z.record(z.string(), z.unknown()).optional() }))
    .optional(),
  metadata: z.looseObject({ user_id: z.string().nullish() }).nullish(),
});

/** What a Messages request says; `invalid` with the reason when the real API would refuse it. */
export function toConversation({ body, headers }: ApiRequest): Conversation | { invalid: string } {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) return { invalid: toInvalidInput('the request', parsed.error).message };
  const { data } = parsed;
  // Some agents put system words between the messages; they belong to neither side.
  const spoken = data.messages.filter((message) => message.role !== 'system');
  const unanswered = findUnanswered(joinRoles(spoken));
  if (unanswered !== undefined) return { invalid: unanswered };
  return {
    model: data.model,
    system: toSystem(data),
    messages: spoken.map(toMessage),
    tools: (data.tools ?? []).map((tool) => ({ name: tool.name, schema: tool.input_schema ?? {} })),
    stream: data.stream ?? false,
    sessionKey: data.metadata?.user_id ?? '',
    userAgent: headers['user-agent'] ?? '',
  };
}

function toSystem({ system, messages }: z.infer<typeof requestSchema>): string {
  const between = messages.filter((message) => message.role === 'system').map(({ content }) => content);
  return [system ?? [], ...between].map(toText).join('\n');
}

type ApiMessage = z.infer<typeof requestSchema>['messages'][number];

function toMessage({ role, content }: ApiMessage): Message {
  if (role === 'assistant') {
    return {
      role,
      text: toText(content),
      calls: content.filter((block) => block.type === 'tool_use').map((block) => String(block['name'])),
    };
  }
  const results = content
    .filter((block) => block.type === 'tool_result')
    .map((block) => ({ text: toText(toBlocks(block.content)), isError: block.is_error === true }));
  return { role: 'user', text: toText(content), images: toImages(content), results };
}

const toText = (blocks: readonly Block[]): string => blocks.flatMap((block) => block.text ?? []).join('\n');

function toBlocks(content: unknown): Block[] {
  const parsed = contentSchema.safeParse(content ?? []);
  return parsed.success ? parsed.data : [];
}

function toImages(blocks: readonly Block[]): ImagePart[] {
  return blocks
    .filter((block) => block.type === 'image')
    .map((block) => ({ mediaType: block.source?.media_type ?? '', size: block.source?.data.length ?? 0 }));
}

// Messages of the same role in a row count as one, as the real API takes them.
function joinRoles(messages: readonly ApiMessage[]): ApiMessage[] {
  const joined: ApiMessage[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    if (last?.role === message.role)
      joined[joined.length - 1] = { ...last, content: [...last.content, ...message.content] };
    else joined.push(message);
  }
  return joined;
}

// The real API refuses a history in which a call has no result: a client that forgets one must fail here too.
function findUnanswered(messages: readonly ApiMessage[]): string | undefined {
  for (const [index, message] of messages.entries()) {
    const calls = idsOf(message, 'tool_use', 'id');
    const answered = new Set(idsOf(messages[index + 1], 'tool_result', 'tool_use_id'));
    const missing = calls.find((id) => !answered.has(id));
    if (missing !== undefined) {
      return `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`;
    }
    const made = new Set(idsOf(messages[index - 1], 'tool_use', 'id'));
    const stray = idsOf(message, 'tool_result', 'tool_use_id').find((id) => !made.has(id));
    if (stray !== undefined)
      return `messages.${index}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${stray}.`;
  }
  return undefined;
}

function idsOf(message: ApiMessage | undefined, type: string, key: string): string[] {
  return (message?.content ?? [])
    .filter((block) => block.type === type)
    .map((block) => block[key])
    .filter((id) => typeof id === 'string');
}
