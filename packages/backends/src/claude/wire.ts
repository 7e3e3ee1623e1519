import { z } from 'zod';

// What Claude Code writes, as loosely as we read it: only fields we use, and every field that an older or newer version
// may lack is optional. What does not fit is `unknown` and is kept whole; see `parseMessage`.

const blockSchema = z.object({
  type: z.string(),
  text: z.string().optional(),
  thinking: z.string().optional(),
  id: z.string().optional(),
  name: z.string().optional(),
  input: z.unknown().optional(),
  tool_use_id: z.string().optional(),
  content: z.unknown().optional(),
  is_error: z.boolean().nullish(),
  source: z.unknown().optional(),
});
export type Block = z.infer<typeof blockSchema>;

const tokensSchema = z.object({
  input_tokens: z.number().nullish(),
  output_tokens: z.number().nullish(),
  cache_read_input_tokens: z.number().nullish(),
  cache_creation_input_tokens: z.number().nullish(),
});
export type Tokens = z.infer<typeof tokensSchema>;

const contentSchema = z.union([z.string(), z.array(blockSchema)]);
const parentId = z.string().nullish();

const assistantSchema = z.object({
  type: z.literal('assistant'),
  uuid: z.string().optional(),
  message: z.object({ id: z.string(), model: z.string().optional(), content: contentSchema }),
  parent_tool_use_id: parentId,
  error: z.string().nullish(),
});
export type AssistantMessage = z.infer<typeof assistantSchema>;

const userSchema = z.object({
  type: z.literal('user'),
  uuid: z.string().optional(),
  isReplay: z.boolean().optional(),
  message: z.object({ content: contentSchema }),
  parent_tool_use_id: parentId,
  tool_use_result: z.unknown().optional(),
  tool_result_meta: z
    .array(
      z.object({
        id: z.string(),
        non_execution_kind: z.string().optional(),
        permission_decision: z.object({ decision: z.string() }).optional(),
      }),
    )
    .optional()
    .catch(undefined),
});
export type UserMessage = z.infer<typeof userSchema>;

const streamEventSchema = z.object({
  type: z.literal('stream_event'),
  parent_tool_use_id: parentId,
  event: z.discriminatedUnion('type', [
    z.object({
      type: z.literal('message_start'),
      message: z.object({ id: z.string(), usage: tokensSchema.optional() }),
    }),
    z.object({ type: z.literal('content_block_start'), index: z.number(), content_block: blockSchema }),
    z.object({
      type: z.literal('content_block_delta'),
      index: z.number(),
      delta: z.object({ type: z.string(), text: z.string().optional(), thinking: z.string().optional() }),
    }),
    z.object({ type: z.literal('content_block_stop'), index: z.number() }),
    z.object({ type: z.literal('message_delta'), usage: tokensSchema.nullish() }),
    z.object({ type: z.literal('message_stop') }),
    z.object({ type: z.literal('ping') }),
    z.object({ type: z.literal('error') }),
  ]),
});
export type StreamEvent = z.infer<typeof streamEventSchema>['event'];

const modelUsageSchema = z.record(
  z.string(),
  z.object({ costUSD: z.number().optional(), contextWindow: z.number().optional() }),
);

const resultSchema = z.object({
  type: z.literal('result'),
  subtype: z.string(),
  is_error: z.boolean(),
  result: z.string().optional(),
  errors: z.array(z.string()).optional(),
  num_turns: z.number().optional(),
  stop_reason: z.string().nullish(),
  terminal_reason: z.string().nullish(),
  api_error_status: z.number().nullish(),
  total_cost_usd: z.number().optional(),
  usage: tokensSchema.optional(),
  modelUsage: modelUsageSchema.optional(),
  model_usage_since_last_result: modelUsageSchema.optional(),
  user_message_uuids: z.array(z.string()).optional(),
  origin: z.object({ kind: z.string() }).nullish(),
});
export type ResultMessage = z.infer<typeof resultSchema>;

const commandSchema = z.object({
  name: z.string(),
  description: z.string().optional(),
  argumentHint: z.union([z.string(), z.array(z.string())]).nullish(),
});
export type ForeignCommand = z.infer<typeof commandSchema>;

const system = <S extends string, T extends z.ZodRawShape>(subtype: S, shape: T) =>
  z.object({ type: z.literal('system'), subtype: z.literal(subtype), ...shape });

const systemSchema = z.discriminatedUnion('subtype', [
  system('init', {
    session_id: z.string(),
    model: z.string(),
    permissionMode: z.string().optional(),
    tools: z.array(z.string()).default([]),
    mcp_servers: z.array(z.object({ name: z.string(), status: z.string() })).default([]),
    terminal_slash_commands: z.array(z.string()).default([]),
  }),
  system('status', {
    status: z.string().nullish(),
    permissionMode: z.string().optional(),
    compact_result: z.string().optional(),
    compact_error: z.string().optional(),
  }),
  system('api_retry', {
    attempt: z.number(),
    max_retries: z.number(),
    error_status: z.number().nullish(),
    error: z.string().optional(),
  }),
  system('compact_boundary', {
    compact_metadata: z.object({ trigger: z.string(), pre_tokens: z.number(), post_tokens: z.number().optional() }),
  }),
  system('task_started', {
    task_id: z.string(),
    tool_use_id: z.string().optional(),
    task_type: z.string().optional(),
    description: z.string().optional(),
  }),
  system('task_notification', {
    task_id: z.string(),
    tool_use_id: z.string().optional(),
    status: z.string(),
    summary: z.string().optional(),
  }),
  system('permission_denied', { tool_use_id: z.string(), message: z.string().optional() }),
  system('commands_changed', { commands: z.array(commandSchema) }),
  system('session_state_changed', { state: z.string() }),
  system('informational', { content: z.string(), level: z.string().optional() }),
  system('notification', { text: z.string(), priority: z.string().optional() }),
  system('local_command_output', { content: z.string() }),
  system('model_fallback', { content: z.string() }),
  system('model_refusal_fallback', { content: z.string() }),
  system('model_refusal_no_fallback', { content: z.string() }),
]);
export type SystemMessage = z.infer<typeof systemSchema>;
export type InitMessage = Extract<SystemMessage, { subtype: 'init' }>;

const ruleSchema = z.object({ toolName: z.string(), ruleContent: z.string().optional() });
/** A change of the agent's permissions, given back to it as it came. */
export const permissionUpdateSchema = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('addRules'),
    rules: z.array(ruleSchema),
    behavior: z.string(),
    destination: z.string(),
  }),
  z.looseObject({ type: z.literal('addDirectories'), directories: z.array(z.string()), destination: z.string() }),
  z.looseObject({ type: z.literal('setMode'), mode: z.string(), destination: z.string() }),
]);
export type PermissionUpdate = z.infer<typeof permissionUpdateSchema>;

const canUseToolSchema = z.object({
  subtype: z.literal('can_use_tool'),
  tool_name: z.string(),
  input: z.record(z.string(), z.unknown()).default({}),
  tool_use_id: z.string(),
  agent_id: z.string().optional(),
  permission_suggestions: z.array(z.unknown()).nullish(),
  suppress_always_allow_rule: z.boolean().optional(),
  decision_reason: z.string().optional(),
  decision_reason_type: z.string().optional(),
});
export type CanUseTool = z.infer<typeof canUseToolSchema>;

const schemas: Readonly<Record<string, z.ZodType>> = {
  assistant: assistantSchema,
  user: userSchema,
  stream_event: streamEventSchema,
  result: resultSchema,
  system: systemSchema,
  control_response: z.object({
    type: z.literal('control_response'),
    response: z.object({
      subtype: z.string(),
      request_id: z.string(),
      response: z.unknown().optional(),
      error: z.string().optional(),
    }),
  }),
  control_cancel_request: z.object({ type: z.literal('control_cancel_request'), request_id: z.string() }),
  command_lifecycle: z.object({ type: z.literal('command_lifecycle'), command_uuid: z.string(), state: z.string() }),
  rate_limit_event: z.object({
    type: z.literal('rate_limit_event'),
    rate_limit_info: z.object({
      status: z.string(),
      resetsAt: z.number().nullish(),
      rateLimitType: z.string().nullish(),
      utilization: z.number().nullish(),
    }),
  }),
};

type Known =
  | AssistantMessage
  | UserMessage
  | z.infer<typeof streamEventSchema>
  | ResultMessage
  | SystemMessage
  | { type: 'control_response'; response: { subtype: string; request_id: string; response?: unknown; error?: string } }
  | { type: 'control_cancel_request'; request_id: string }
  | { type: 'command_lifecycle'; command_uuid: string; state: string }
  | {
      type: 'rate_limit_event';
      rate_limit_info: {
        status: string;
        resetsAt?: number | null;
        rateLimitType?: string | null;
        utilization?: number | null;
      };
    };

/** A request of the agent. `asks` is absent for a kind that Baton does not answer with a choice of its user. */
export interface ControlRequest {
  type: 'control_request';
  requestId: string;
  subtype: string;
  asks?: CanUseTool;
  payload: unknown;
}

export type ClaudeMessage = Known | ControlRequest | { type: 'ignored' } | { type: 'unknown'; payload: unknown };

// Known, and of no use to a person: progress of things that are told elsewhere, or of the CLI's own terminal interface.
const IGNORED = new Set([
  ...['keep_alive', 'tool_progress', 'tool_use_summary', 'prompt_suggestion', 'auth_status', 'active_goal'],
  ...[
    'conversation_reset',
    'transcript_mirror',
    'system/thinking_tokens',
    'system/task_progress',
    'system/task_updated',
  ],
  ...['system/background_tasks_changed', 'system/hook_started', 'system/hook_progress', 'system/hook_response'],
  ...[
    'system/control_request_progress',
    'system/session_title_changed',
    'system/ui_invalidate',
    'system/plugin_install',
  ],
  ...['system/files_persisted', 'system/elicitation_complete', 'system/memory_recall', 'system/mirror_error'],
  ...['system/worker_shutting_down', 'system/post_turn_summary', 'system/turn_duration', 'system/stop_hook_summary'],
  ...['system/file_snapshot', 'system/session_metadata', 'system/memory_saved', 'system/vcs_state_changed'],
]);

const envelopeSchema = z.object({ type: z.string(), subtype: z.string().optional() });
const requestSchema = z.object({ request_id: z.string(), request: z.looseObject({ subtype: z.string() }) });

/** A parsed line as one of the messages we know. Never throws: whatever else it is comes back as `unknown`, whole. */
export function parseMessage(value: unknown): ClaudeMessage {
  const envelope = envelopeSchema.safeParse(value);
  if (!envelope.success) return { type: 'unknown', payload: value };
  const { type, subtype } = envelope.data;
  if (type === 'control_request') return parseRequest(value);
  const parsed = schemas[type]?.safeParse(value);
  if (parsed?.success) return parsed.data as Known;
  if (IGNORED.has(type) || IGNORED.has(`${type}/${subtype}`)) return { type: 'ignored' };
  return { type: 'unknown', payload: value };
}

function parseRequest(value: unknown): ClaudeMessage {
  const parsed = requestSchema.safeParse(value);
  if (!parsed.success) return { type: 'unknown', payload: value };
  const asks = canUseToolSchema.safeParse(parsed.data.request);
  const { request_id: requestId, request } = parsed.data;
  const { subtype } = request;
  return { type: 'control_request', requestId, subtype, payload: value, ...(asks.success ? { asks: asks.data } : {}) };
}

/** The answer to `initialize`. */
export const initializedSchema = z.object({
  commands: z.array(commandSchema).default([]),
  models: z
    .array(
      z.object({
        value: z.string(),
        resolvedModel: z.string().optional(),
        displayName: z.string().optional(),
        description: z.string().optional(),
        supportedEffortLevels: z.array(z.string()).optional(),
      }),
    )
    .default([]),
  current_permission_mode: z.string().optional(),
});
export type Initialized = z.infer<typeof initializedSchema>;
