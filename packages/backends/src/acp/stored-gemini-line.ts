import { z } from 'zod';
import { toTime } from '../stored/stored-log.ts';

// A line of a chat file, as loosely as we read it: a message, which a later line of the same id replaces; a change of what
// is known of the whole (`$set`, with all messages when the CLI rewrote them); or a step back (`$rewindTo`).
const text = z.string().optional().catch(undefined);
const tokens = z.number().nonnegative().catch(0);

const thoughtSchema = z.object({ subject: text, description: text });
const callSchema = z.object({
  id: z.string(),
  name: z.string(),
  args: z.record(z.string(), z.unknown()).catch({}),
  status: z.string().catch('success'),
  timestamp: z.unknown().optional(),
  result: z.unknown().optional(),
  resultDisplay: z.unknown().optional(),
  description: text,
  displayName: text,
});
export type GeminiCall = z.infer<typeof callSchema>;

const each = <T extends z.ZodType>(schema: T) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((values) =>
      values.flatMap((value) => {
        const parsed = schema.safeParse(value);
        return parsed.success ? [parsed.data] : [];
      }),
    );

const messageSchema = z.object({
  id: z.string(),
  timestamp: z.unknown().optional(),
  type: z.string(),
  content: z.unknown().optional(),
  thoughts: each(thoughtSchema),
  toolCalls: each(callSchema),
  model: text,
  tokens: z.object({ input: tokens, output: tokens, cached: tokens, thoughts: tokens }).optional().catch(undefined),
});
export interface GeminiMessage extends Omit<z.infer<typeof messageSchema>, 'timestamp'> {
  /** Milliseconds since the epoch. */
  at: number | undefined;
}

const factsSchema = z.object({
  sessionId: text,
  kind: text,
  summary: text,
  startTime: z.unknown().optional(),
  directories: each(z.string()),
  messages: z.array(z.unknown()).optional().catch(undefined),
});
const rewindSchema = z.object({ $rewindTo: z.string() });
const setSchema = z.object({ $set: factsSchema });

export interface Chat {
  sessionId?: string;
  kind?: string;
  summary?: string;
  directory?: string;
  startedAt?: number | undefined;
  messages: Map<string, GeminiMessage>;
}

/** Takes one parsed line of the file; what is of no use to a person is left out. */
export function addLine(chat: Chat, value: unknown): void {
  const rewind = rewindSchema.safeParse(value);
  if (rewind.success) return goBack(chat, rewind.data.$rewindTo);
  const message = toMessage(value);
  if (message !== undefined) return void chat.messages.set(message.id, message);
  const set = setSchema.safeParse(value);
  const facts = set.success ? set.data.$set : factsSchema.safeParse(value).data;
  if (facts === undefined) return;
  noteFacts(chat, facts);
  // The CLI rewrote its history: what it wrote before is no part of it any more.
  if (set.success && facts.messages !== undefined) chat.messages.clear();
  for (const each of (facts.messages ?? []).map(toMessage)) if (each !== undefined) chat.messages.set(each.id, each);
}

function noteFacts(
  chat: Chat,
  { sessionId, kind, summary, directories, startTime }: z.infer<typeof factsSchema>,
): void {
  const [directory] = directories;
  if (sessionId !== undefined) chat.sessionId ??= sessionId;
  if (kind !== undefined) chat.kind ??= kind;
  if (directory !== undefined) chat.directory ??= directory;
  if (summary !== undefined) chat.summary = summary;
  chat.startedAt ??= toTime(startTime);
}

function toMessage(value: unknown): GeminiMessage | undefined {
  const parsed = messageSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { timestamp, ...message } = parsed.data;
  return { ...message, at: toTime(timestamp) };
}

// All from that message on; all of it when nobody knows the message.
function goBack({ messages }: Chat, id: string): void {
  let isGone = !messages.has(id);
  for (const known of [...messages.keys()]) {
    isGone ||= known === id;
    if (isGone) messages.delete(known);
  }
}
