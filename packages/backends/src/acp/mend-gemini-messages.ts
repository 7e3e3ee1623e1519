import { z } from 'zod';

// When Gemini CLI finds a conversation again it tells its model the result of each call twice: as the call has it, and as the
// message that it stored beside it. The provider refuses such a conversation, here and in a terminal, from then on. And where it
// rewrote its history, each call of several got the results of all. So a result stays with its call alone, and a call that has
// none gets one.

const partSchema = z.looseObject({
  functionResponse: z.looseObject({ id: z.string() }).optional().catch(undefined),
  functionCall: z.looseObject({ id: z.string(), name: z.string() }).optional().catch(undefined),
});
type Part = z.infer<typeof partSchema>;

const callSchema = z.looseObject({ id: z.string(), name: z.string(), result: z.unknown().optional() });
type Call = z.infer<typeof callSchema>;

const messageSchema = z.looseObject({
  id: z.string(),
  type: z.string(),
  content: z.unknown().optional(),
  toolCalls: z.array(callSchema).optional(),
});
export type GeminiRawMessage = z.infer<typeof messageSchema>;

const setSchema = z.looseObject({ $set: z.looseObject({ messages: z.array(z.unknown()) }) });
const headSchema = z.looseObject({ sessionId: z.string(), messages: z.array(z.unknown()) });
const rewindSchema = z.looseObject({ $rewindTo: z.string() });

/** The messages that the lines of a chat file leave, as Gemini CLI reads them; undefined: one of them is like none we know. */
export function toGeminiMessages(lines: readonly unknown[]): GeminiRawMessage[] | undefined {
  const messages = new Map<string, GeminiRawMessage>();
  for (const line of lines) {
    const rewind = rewindSchema.safeParse(line);
    if (rewind.success) goBack(messages, rewind.data.$rewindTo);
    else if (!addAll(messages, line)) return undefined;
  }
  return [...messages.values()];
}

function addAll(messages: Map<string, GeminiRawMessage>, line: unknown): boolean {
  const set = setSchema.safeParse(line);
  if (set.success) messages.clear();
  const many = set.success ? set.data.$set.messages : headSchema.safeParse(line).data?.messages;
  const hasId = z.looseObject({ id: z.string() });
  return (many ?? [line]).every((each) => {
    if (!hasId.safeParse(each).success) return true;
    const { data } = messageSchema.safeParse(each);
    if (data !== undefined) messages.set(data.id, data);
    return data !== undefined;
  });
}

// All from that message on; all of it when nobody knows the message.
function goBack(messages: Map<string, GeminiRawMessage>, id: string): void {
  const from = Math.max(0, [...messages.keys()].indexOf(id));
  for (const each of [...messages.keys()].slice(from)) messages.delete(each);
}

/** The messages with one result for each call; undefined when nothing is wrong with them. Pure. */
export function mendGeminiMessages(messages: readonly GeminiRawMessage[]): GeminiRawMessage[] | undefined {
  const apart = new Set(messages.flatMap(({ type, content }) => (type === 'user' ? toResponseIds(content) : [])));
  const mended = messages.map((message) => mendCalls(message, apart));
  const kept = new Set(mended.flatMap(({ toolCalls = [] }) => toolCalls.filter(hasResult).map(({ id }) => id)));
  const left = mended.flatMap((message) => dropResults(message, kept));
  return JSON.stringify(left) === JSON.stringify(messages) ? undefined : left;
}

/** Each call with its own result; one that is answered nowhere was cut short. */
function mendCalls(message: GeminiRawMessage, apart: ReadonlySet<string>): GeminiRawMessage {
  if (message.type !== 'gemini') return message;
  const noted: Call[] = (message.toolCalls ?? []).map((call) => ({ ...call, ...keepOwn(call) }));
  const known = new Set(noted.map(({ id }) => id));
  const said: Call[] = toParts(message.content).flatMap(({ functionCall: call }) =>
    call === undefined || known.has(call.id) || apart.has(call.id) ? [] : [{ ...call, status: 'cancelled' }],
  );
  const calls = [...noted, ...said].map((call) =>
    hasResult(call) || apart.has(call.id) ? call : { ...call, result: [toCutResult(call)] },
  );
  return calls.length === 0 ? message : { ...message, toolCalls: calls };
}

// What comes after a result up to the next one belongs to it: an image that was read.
function keepOwn({ id, result }: Call): { result?: unknown } {
  const parts = toParts(result);
  if (!parts.some(({ functionResponse }) => functionResponse !== undefined)) return {};
  let isOwn = false;
  const own = parts.filter(({ functionResponse }) => {
    if (functionResponse !== undefined) isOwn = functionResponse.id === id;
    return isOwn;
  });
  return own.length === parts.length ? {} : { result: own };
}

const hasResult = ({ result }: { result?: unknown }): boolean =>
  Array.isArray(result) ? result.length > 0 : result !== undefined && result !== null && result !== '';

function toCutResult({ id, name }: { id: string; name: string }): Part {
  const response = { error: 'It was interrupted, and nobody knows how far it came.' };
  return { functionResponse: { id, name, response } };
}

function dropResults(message: GeminiRawMessage, kept: ReadonlySet<string>): GeminiRawMessage[] {
  if (message.type !== 'user' || !toResponseIds(message.content).some((id) => kept.has(id))) return [message];
  let isDoubled = false;
  const content = toParts(message.content).filter(({ functionResponse, text }) => {
    if (functionResponse !== undefined) isDoubled = kept.has(functionResponse.id);
    // A user's words beside it are no part of a result.
    return !isDoubled || text !== undefined;
  });
  return content.length === 0 ? [] : [{ ...message, content }];
}

const toResponseIds = (content: unknown): string[] =>
  toParts(content).flatMap(({ functionResponse }) => (functionResponse === undefined ? [] : [functionResponse.id]));

function toParts(content: unknown): Part[] {
  const list: unknown[] = Array.isArray(content) ? content : [content];
  return list.flatMap((each) => {
    const part = partSchema.safeParse(typeof each === 'string' ? { text: each } : each);
    return part.success ? [part.data] : [];
  });
}
