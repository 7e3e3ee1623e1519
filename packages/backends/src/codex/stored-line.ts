import { z } from 'zod';
import { toTime } from '../stored/stored-log.ts';
import { type ForeignItem, parseMessage } from './wire.ts';

// A line of a rollout, as loosely as we read it. Two generations: newer versions write whole items, older ones what was said
// and the model's own calls.
const text = z.string().optional().catch(undefined);

const metaSchema = z.object({
  id: z.string(),
  cwd: z.string(),
  source: z.unknown().optional(),
  thread_source: text,
  history_base: z.object({ thread_id: z.string(), end_ordinal_exclusive: z.number() }).optional().catch(undefined),
});
export type RolloutMeta = z.infer<typeof metaSchema>;

const tokens = z.number().nonnegative().catch(0);
const tokensSchema = z.object({
  input_tokens: tokens,
  cached_input_tokens: tokens,
  cache_write_input_tokens: tokens,
  output_tokens: tokens,
});

const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['task_started', 'turn_started']), turn_id: text }),
  z.object({ type: z.enum(['task_complete', 'turn_complete']), turn_id: text, error: z.unknown().optional() }),
  z.object({ type: z.literal('turn_aborted') }),
  z.object({
    type: z.literal('item_completed'),
    turn_id: text,
    item: z.looseObject({ type: z.string(), id: z.string() }),
    started_at_ms: z.number().optional().catch(undefined),
    completed_at_ms: z.number().optional().catch(undefined),
  }),
  z.object({ type: z.literal('user_message'), message: z.string(), images: z.array(z.string()).nullish().catch(null) }),
  z.object({ type: z.literal('agent_message'), message: z.string() }),
  z.object({ type: z.literal('agent_reasoning'), text: z.string() }),
  z.object({ type: z.literal('token_count'), info: z.object({ total_token_usage: tokensSchema }) }),
]);

const callBeginSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('function_call'), name: z.string(), arguments: z.string(), call_id: z.string() }),
  z.object({ type: z.literal('custom_tool_call'), name: z.string(), input: z.string(), call_id: z.string() }),
  z.object({ type: z.literal('local_shell_call'), call_id: z.string(), action: z.unknown().optional() }),
]);
export type CallBegin = z.infer<typeof callBeginSchema>;
const callOutputSchema = z.object({
  type: z.enum(['function_call_output', 'custom_tool_call_output']),
  call_id: z.string(),
  output: z.unknown().optional(),
});

const lineSchema = z.object({
  timestamp: z.unknown().optional(),
  ordinal: z.number().optional().catch(undefined),
  type: z.string(),
  payload: z.looseObject({}),
});

export type RolloutEntry =
  | { type: 'event'; event: RolloutEvent }
  | { type: 'call'; call: CallBegin }
  | { type: 'output'; callId: string; output: unknown }
  | { type: 'context'; model: string };
export type RolloutLine = RolloutEntry & { at: number | undefined; ordinal: number | undefined };

export interface Rollout {
  meta: RolloutMeta | undefined;
  lines: RolloutLine[];
}

const contextSchema = z.object({ model: z.string() });

/** Takes one parsed line of the file; what is of no use to a person is left out. */
export function addLine(rollout: Rollout, value: unknown): void {
  const line = lineSchema.safeParse(value);
  if (!line.success) return;
  const { type, payload, ordinal } = line.data;
  if (type === 'session_meta') rollout.meta ??= metaSchema.safeParse(payload).data;
  const entry = toEntry(type, payload);
  if (entry !== undefined) rollout.lines.push({ ...entry, at: toTime(line.data.timestamp), ordinal });
}

function toEntry(type: string, payload: unknown): RolloutEntry | undefined {
  if (type === 'event_msg') {
    const event = eventSchema.safeParse(payload).data;
    return event === undefined ? undefined : { type: 'event', event };
  }
  if (type === 'response_item') {
    const call = callBeginSchema.safeParse(payload).data;
    if (call !== undefined) return { type: 'call', call };
    const found = callOutputSchema.safeParse(payload).data;
    return found === undefined ? undefined : { type: 'output', callId: found.call_id, output: found.output };
  }
  const context = type === 'turn_context' ? contextSchema.safeParse(payload).data : undefined;
  return context === undefined ? undefined : { type: 'context', model: context.model };
}

export type RolloutEvent = z.infer<typeof eventSchema>;

/** Another agent's: it is shown under the call that began it. */
export function isSubagent({ source, thread_source: kind }: RolloutMeta): boolean {
  const isNamed = typeof source === 'object' && source !== null && ('subagent' in source || 'subAgent' in source);
  return kind === 'subagent' || isNamed;
}

export type StoredTokens = z.infer<typeof tokensSchema>;

/** A stored item in the form a running Codex tells it; undefined for one that nobody knows. */
export function toForeignItem(stored: Readonly<Record<string, unknown>>): ForeignItem | undefined {
  const item = { ...toCamelKeys(stored), ...toDifferences(stored) };
  const message = parseMessage({ method: 'item/completed', params: { threadId: '', turnId: '', item } });
  return message.type === 'notice' && message.notice.method === 'item/completed'
    ? message.notice.params.item
    : undefined;
}

const toCamel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function toCamelKeys(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [toCamel(key), inner]));
}

// What is named or shaped in another way in files than on the wire.
function toDifferences(stored: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const type = String(stored['type']);
  const { status } = stored;
  const common = {
    type: type.charAt(0).toLowerCase() + type.slice(1),
    ...(typeof status === 'string' ? { status: toCamel(status) } : {}),
  };
  switch (type) {
    case 'AgentMessage':
      return { ...common, text: toText(stored['content']) };
    case 'Reasoning':
      return { ...common, summary: stored['summary_text'], content: stored['raw_content'] };
    case 'CommandExecution':
      return { ...common, command: toCommand(stored['command']), cwd: toPath(stored['cwd']) };
    case 'FileChange':
      return { ...common, changes: toChanges(stored['changes']) };
    case 'McpToolCall':
      return { ...common, result: toResult(stored['result']) };
    case 'CollabAgentToolCall':
      return { ...common, tool: toCamel(String(stored['tool'])) };
    default:
      return common;
  }
}

const textsSchema = z.array(z.object({ text: z.string() }));

export function toText(content: unknown): string {
  const texts = textsSchema.safeParse(content);
  return texts.success ? texts.data.map((each) => each.text).join('') : '';
}

const wordsSchema = z.array(z.string());

/** A command as a person would type it: the script of `bash -lc`, or its words. */
export function toCommand(value: unknown): string {
  const words = wordsSchema.safeParse(value);
  if (!words.success) return typeof value === 'string' ? value : '';
  const [program = '', flag = '', script] = words.data;
  const isScript = words.data.length === 3 && /(?:^|\/)(?:ba|z|da|k)?sh$/.test(program) && /^-l?c$/.test(flag);
  return isScript && script !== undefined ? script : words.data.join(' ');
}

function toPath(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return value.startsWith('file://')
    ? decodeURI(value.slice('file://'.length).replace(/%(?![0-9a-f]{2})/gi, '%25'))
    : value;
}

const changesSchema = z.record(
  z.string(),
  z.object({ type: z.string(), content: text, unified_diff: text, move_path: z.string().nullish().catch(null) }),
);

function toChanges(value: unknown): unknown {
  const changes = changesSchema.safeParse(value);
  if (!changes.success) return value;
  return Object.entries(changes.data).map(([path, change]) => ({
    path,
    kind: { type: change.type, move_path: change.move_path },
    diff: change.unified_diff ?? change.content ?? '',
  }));
}

// Rust writes a result that can fail as the one or the other.
function toResult(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'Ok' in value ? value.Ok : value;
}
