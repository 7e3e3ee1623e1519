import { toInvalidInput } from '@baton/protocol';
import { z } from 'zod';
import type { Conversation, ImagePart, Message } from '../play/conversation.ts';
import type { ApiRequest } from '../serve/model-api.ts';
import { findWaits } from './find-waits.ts';
import { HEADING, type Item, type Part, contentSchema, isAnswer, isCall, itemSchema, toText } from './item.ts';
import { toOfferedTools } from './offered-tool.ts';
import { toNestedName } from './to-call-item.ts';

const requestSchema = z.looseObject({
  model: z.string(),
  stream: z.boolean().nullish(),
  instructions: z.string().nullish(),
  input: z.union([z.string().transform((text): Item[] => [toUserItem(text)]), z.array(itemSchema).min(1)]),
  tools: z.array(z.unknown()).nullish(),
  prompt_cache_key: z.string().nullish(),
});

const toUserItem = (text: string): Item => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });

/** What a Responses request says; `invalid` with the reason when the real API would refuse it. */
export function toConversation({ body, headers }: ApiRequest): Conversation | { invalid: string } {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) return { invalid: toInvalidInput('the request', parsed.error).message };
  const { data } = parsed;
  const unanswered = findUnanswered(data.input);
  if (unanswered !== undefined) return { invalid: unanswered };
  const asides = data.input.filter(isAside);
  const texts = asides.map((item) => toText(item.content));
  const chore = toChore(data.input);
  const tools = toOfferedTools([...(data.tools ?? []), ...data.input.flatMap((item) => item.tools ?? [])]);
  const waits = findWaits(
    data.input.filter((item) => !isAside(item)),
    tools,
  );
  return {
    model: data.model,
    // The folder is said in a form that scripts find; a chore is no prompt, and nothing is called in it.
    system: [data.instructions ?? '', ...texts, toFolder(texts), chore ?? ''].join('\n'),
    messages: toMessages(data.input.filter((item) => !isAside(item) && !waits.made.has(item))),
    tools: chore === undefined ? tools : [],
    ...(chore === undefined && waits.due !== undefined ? { due: waits.due } : {}),
    stream: data.stream ?? false,
    sessionKey: data.prompt_cache_key ?? '',
    userAgent: headers['user-agent'] ?? '',
  };
}

const CHORES = [
  { asked: /CONTEXT CHECKPOINT COMPACTION/, chore: 'Summarize.' },
  { asked: /^Your task is to generate a very short title/, chore: 'Give it a title, as JSON.' },
];

// What an agent asks for in its user's name, beside the conversation.
function toChore(input: readonly Item[]): string | undefined {
  const words = input.filter(({ role }) => role === 'user').map(({ content }) => toText(content));
  return CHORES.find(({ asked }) => words.some((text) => asked.test(text)))?.chore;
}

const ASIDE =
  /^\s*(<(environment_context|user_instructions|skill|subagent_notification|[a-z]+_instructions)>|# AGENTS\.md)/;
const ABORTED = /^\s*<turn_aborted>/;

// Agents say a part of what is no prompt in the user's name.
function isAside({ type, role, content }: Item): boolean {
  if (type !== 'message' || ABORTED.test(toText(content))) return false;
  return role === 'system' || role === 'developer' || (role === 'user' && ASIDE.test(toText(content)));
}

function toFolder(texts: readonly string[]): string {
  const found = texts.map((text) => /<cwd>([^<]+)<\/cwd>/.exec(text)?.[1]).filter((cwd) => cwd !== undefined);
  return found.length === 0 ? '' : `cwd: ${found.at(-1)}`;
}

const isResult = ({ type }: Item): boolean => type === 'function_call_output' || type === 'custom_tool_call_output';

interface Builder {
  messages: Message[];
  /** By the beginning that the ids of one reply's calls share: where its message stands. */
  replies: Map<string, number>;
}

function toMessages(items: readonly Item[]): Message[] {
  const builder: Builder = { messages: [], replies: new Map() };
  for (const item of items) {
    if (isCall(item)) addCall(builder, item);
    else if (isResult(item)) addResult(builder, item);
    else if (item.type === 'agent_message') addAgentMessage(builder, item);
    else if (item.type === 'message') addMessage(builder, item);
  }
  return builder.messages;
}

// Results may stand between the calls of one reply, which are one round of the script all the same.
function addCall({ messages, replies }: Builder, item: Item): void {
  const name = toCalled(item);
  const reply = /^call_([^_]+)_/.exec(item.call_id ?? '')?.[1];
  const last = messages.at(-1)?.role === 'assistant' ? messages.length - 1 : undefined;
  const at = (reply === undefined ? undefined : replies.get(reply)) ?? last ?? messages.length;
  const before = messages[at];
  const { text, calls } = before?.role === 'assistant' ? before : { text: '', calls: [] };
  messages[at] = { role: 'assistant', text, calls: [...calls, name] };
  if (reply !== undefined) replies.set(reply, at);
}

function toCalled({ name = '', input }: Item): string {
  return (typeof input === 'string' ? toNestedName(input) : undefined) ?? name;
}

function addResult({ messages }: Builder, { output }: Item): void {
  const content = contentSchema.parse(toOutput(output));
  const result = toResult(toText(content));
  const last = messages.at(-1);
  const images = toImages(content);
  if (last?.role === 'user' && last.results.length > 0 && last.text === '') {
    messages[messages.length - 1] = {
      ...last,
      images: [...last.images, ...images],
      results: [...last.results, result],
    };
  } else messages.push({ role: 'user', text: '', images, results: [result] });
}

// Some clients wrap what a tool gave in an object of their own.
function toOutput(output: unknown): unknown {
  const wrapped = z.object({ content: z.unknown() }).safeParse(output);
  return wrapped.success ? wrapped.data.content : output;
}

/** What the play takes for the beginning of a new prompt: each message of the user is one of its own here. */
const NEW_PROMPT = '[Request interrupted by user]';

function addMessage({ messages }: Builder, item: Item): void {
  const text = toText(item.content);
  if (item.role === 'assistant') {
    messages.push({ role: 'assistant', text, calls: [] });
    return;
  }
  const images = toImages(item.content);
  const last = messages.at(-1);
  // What a user says while the agent works stands after the results, and is answered together with them.
  if (last?.role === 'user' && last.results.length > 0 && last.text === '' && !ABORTED.test(text)) {
    messages[messages.length - 1] = { ...last, results: [...last.results, { text, isError: false }] };
    return;
  }
  const said = ABORTED.test(text) ? '' : text;
  messages.push({ role: 'user', text: `${NEW_PROMPT}\n${said}`, images, results: [] });
}

function addAgentMessage(builder: Builder, item: Item): void {
  const text = toText(item.content);
  // What a subagent found belongs to what its caller waits for.
  if (isAnswer(item)) return;
  const sealed = item.content.flatMap((part) => part.encrypted_content ?? []).join('\n');
  const said = text.replace(HEADING, '').trim();
  const content = [{ type: 'input_text', text: [said, sealed].filter((part) => part !== '').join('\n') }];
  addMessage(builder, { ...item, role: 'user', content });
}

function toImages(parts: readonly Part[]): ImagePart[] {
  return parts.flatMap((part) => {
    const match = /^data:([^;]+);base64,(.*)$/s.exec(part.image_url ?? '');
    return match === null ? [] : [{ mediaType: match[1] ?? '', size: (match[2] ?? '').length }];
  });
}

const EXIT = /(?:Process exited with code|Exit code:) (\d+)/;
/** What `toScript` says before the output of a command that was called from code. */
const NESTED = /^\s*Process exited with code \d+\s+Output:\n/;
const FAILED = /^(error\b|Script (failed|error))|\bfailed( for|:)|rejected by user|verification failed/i;

// A result is text alone; what agents put before the output of a command is no part of what it printed.
function toResult(text: string): { text: string; isError: boolean } {
  const code = EXIT.exec(text)?.[1];
  const at = text.search(/^Output:\n/m);
  const printed = at === -1 ? text : text.slice(at + 'Output:\n'.length);
  return {
    text: printed.replace(NESTED, '').trimStart(),
    isError: code === undefined ? FAILED.test(text) : code !== '0',
  };
}

// As the real API: a history in which a call has no result, or a result no call, is refused.
function findUnanswered(items: readonly Item[]): string | undefined {
  const idsOf = (fits: (item: Item) => boolean) => items.filter(fits).map((item) => item.call_id ?? '');
  const results = new Set(idsOf(isResult));
  const calls = new Set(idsOf(isCall));
  const open = [...calls].find((id) => !results.has(id));
  if (open !== undefined) return `No tool output found for function call ${open}.`;
  const stray = [...results].find((id) => !calls.has(id));
  return stray === undefined ? undefined : `No tool call found for function call output with call_id ${stray}.`;
}
