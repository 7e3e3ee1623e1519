import { z } from 'zod';

// What `codex app-server` writes, as loosely as we read it: only fields we use. What does not fit is `unknown` and is kept
// whole; see `parseMessage`. Threads and turns are Codex's own ids everywhere.

const place = { threadId: z.string(), turnId: z.string() };

const changeSchema = z.object({
  path: z.string(),
  kind: z.object({ type: z.string(), move_path: z.string().nullish() }),
  diff: z.string().default(''),
});
export type FileChange = z.infer<typeof changeSchema>;

const base = { id: z.string(), startedAtMs: z.number().nullish(), completedAtMs: z.number().nullish() };
const status = z.string().default('completed');

export const itemSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('userMessage'),
    ...base,
    clientId: z.string().nullish(),
    content: z.unknown().optional(),
  }),
  z.object({ type: z.literal('agentMessage'), ...base, text: z.string().default('') }),
  z.object({ type: z.literal('plan'), ...base, text: z.string().default('') }),
  z.object({
    type: z.literal('reasoning'),
    ...base,
    summary: z.array(z.string()).default([]),
    content: z.array(z.string()).default([]),
  }),
  z.object({
    type: z.literal('commandExecution'),
    ...base,
    command: z.string(),
    cwd: z.string().nullish(),
    processId: z.string().nullish(),
    status,
    aggregatedOutput: z.string().nullish(),
    exitCode: z.number().nullish(),
  }),
  z.object({ type: z.literal('fileChange'), ...base, status, changes: z.array(changeSchema).default([]) }),
  z.object({
    type: z.literal('mcpToolCall'),
    ...base,
    status,
    server: z.string(),
    tool: z.string(),
    arguments: z.unknown().optional(),
    result: z.object({ content: z.array(z.unknown()).default([]) }).nullish(),
    error: z.object({ message: z.string() }).nullish(),
  }),
  z.object({
    type: z.literal('dynamicToolCall'),
    ...base,
    status,
    tool: z.string(),
    arguments: z.unknown().optional(),
    contentItems: z.array(z.unknown()).nullish(),
  }),
  z.object({
    type: z.literal('collabAgentToolCall'),
    ...base,
    status,
    tool: z.string(),
    receiverThreadIds: z.array(z.string()).default([]),
    prompt: z.string().nullish(),
  }),
  z.object({
    type: z.literal('subAgentActivity'),
    ...base,
    kind: z.string(),
    agentThreadId: z.string(),
    agentPath: z.string(),
  }),
  z.object({ type: z.literal('webSearch'), ...base, query: z.string().default('') }),
  z.object({ type: z.literal('imageView'), ...base, path: z.string() }),
  z.object({
    type: z.literal('imageGeneration'),
    ...base,
    status,
    result: z.string().nullish(),
    revisedPrompt: z.string().nullish(),
  }),
  z.object({ type: z.literal('sleep'), ...base }),
  z.object({ type: z.literal('contextCompaction'), ...base }),
  z.object({ type: z.literal('enteredReviewMode'), ...base, review: z.string().default('') }),
  z.object({ type: z.literal('exitedReviewMode'), ...base }),
  z.object({ type: z.literal('functionCallOutput'), ...base }),
  z.object({ type: z.literal('hookPrompt'), ...base }),
]);
export type ForeignItem = z.infer<typeof itemSchema>;

const tokensSchema = z.object({
  totalTokens: z.number().default(0),
  inputTokens: z.number().default(0),
  cachedInputTokens: z.number().default(0),
  cacheWriteInputTokens: z.number().default(0),
  outputTokens: z.number().default(0),
});
export type Tokens = z.infer<typeof tokensSchema>;

const troubleSchema = z.object({
  message: z.string(),
  codexErrorInfo: z.unknown().optional(),
  additionalDetails: z.string().nullish(),
});
export type ForeignError = z.infer<typeof troubleSchema>;

const turnSchema = z.object({
  id: z.string(),
  rootTurnId: z.string().nullish(),
  status: z.string().default('inProgress'),
  error: troubleSchema.nullish(),
});

const notice = <M extends string, T extends z.ZodRawShape>(method: M, shape: T) =>
  z.object({ method: z.literal(method), params: z.object(shape) });

const delta = { ...place, itemId: z.string(), delta: z.string() };
const windowSchema = z.object({ usedPercent: z.number(), resetsAt: z.number().nullish() }).nullish();

export const noticeSchema = z.discriminatedUnion('method', [
  notice('turn/started', { threadId: z.string(), turn: turnSchema }),
  notice('turn/completed', { threadId: z.string(), turn: turnSchema }),
  notice('item/started', { ...place, item: itemSchema }),
  notice('item/completed', { ...place, item: itemSchema }),
  notice('item/agentMessage/delta', delta),
  notice('item/plan/delta', delta),
  notice('item/reasoning/summaryTextDelta', { ...delta, summaryIndex: z.number().default(0) }),
  notice('item/reasoning/textDelta', delta),
  notice('item/commandExecution/outputDelta', delta),
  notice('turn/plan/updated', {
    ...place,
    plan: z.array(z.object({ step: z.string(), status: z.string() })),
  }),
  notice('thread/tokenUsage/updated', {
    ...place,
    tokenUsage: z.object({ total: tokensSchema, last: tokensSchema, modelContextWindow: z.number().nullish() }),
  }),
  notice('error', { ...place, error: troubleSchema, willRetry: z.boolean().default(false) }),
  notice('warning', { threadId: z.string().nullish(), message: z.string() }),
  notice('guardianWarning', { threadId: z.string(), message: z.string() }),
  notice('model/rerouted', { ...place, fromModel: z.string(), toModel: z.string() }),
  notice('mcpServer/startupStatus/updated', {
    threadId: z.string().nullish(),
    name: z.string(),
    status: z.string(),
    error: z.string().nullish(),
  }),
  notice('account/rateLimits/updated', { rateLimits: z.object({ primary: windowSchema, secondary: windowSchema }) }),
  notice('serverRequest/resolved', { threadId: z.string(), requestId: z.union([z.string(), z.number()]) }),
  notice('configWarning', { summary: z.string(), details: z.string().nullish(), path: z.string().nullish() }),
  notice('thread/closed', { threadId: z.string() }),
  notice('thread/archived', { threadId: z.string() }),
  notice('thread/deleted', { threadId: z.string() }),
  notice('thread/reverted', { threadId: z.string() }),
  notice('thread/settings/updated', {
    threadId: z.string(),
    threadSettings: z.looseObject({
      approvalPolicy: z.unknown(),
      sandboxPolicy: z.looseObject({ type: z.string() }).nullish(),
    }),
  }),
]);
export type Notice = z.infer<typeof noticeSchema>;

/** A conversation is unloaded, whoever did it. */
export type ConversationEnd = Extract<Notice, { method: 'thread/closed' | 'thread/archived' | 'thread/deleted' }>;

export const isConversationEnd = (notice: Notice): notice is ConversationEnd =>
  ['thread/closed', 'thread/archived', 'thread/deleted'].includes(notice.method);

const ANSWERS = ['item/agentMessage/delta', 'item/reasoning/summaryTextDelta', 'turn/completed'];

/** The model has begun to answer. */
export const isAnswer = (notice: Notice): boolean => ANSWERS.includes(notice.method);

/** Known, and nothing in it for a session: what they tell is told by others, or is for clients of another kind. */
const SILENT = new Set([
  ...['thread/started', 'thread/status/changed', 'thread/readState/changed'],
  ...['thread/unarchived', 'thread/compacted'],
  ...['thread/name/updated', 'thread/section/changed', 'thread/attachment/updated', 'thread/prediction/updated'],
  ...['thread/goal/updated', 'thread/goal/cleared', 'thread/queue/changed', 'thread/project/updated'],
  ...['thread/environment/connected', 'thread/environment/disconnected', 'skills/changed', 'project/changed'],
  ...['hook/started', 'hook/completed', 'turn/diff/updated', 'turn/moderationMetadata', 'app/list/updated'],
  ...['item/autoApprovalReview/started', 'item/autoApprovalReview/completed', 'item/mcpToolCall/progress'],
  ...['item/commandExecution/terminalInteraction', 'item/fileChange/outputDelta', 'item/fileChange/patchUpdated'],
  ...['item/reasoning/summaryPartAdded', 'account/updated', 'account/login/completed', 'remoteControl/status/changed'],
  ...['modelProvider/authRecoveryStarted', 'modelProvider/authRecoveryCompleted', 'model/verification'],
  ...['model/safetyBuffering/updated', 'deprecationNotice', 'fs/changed', 'rawResponse/completed'],
]);

export function isSilent(method: string): boolean {
  return SILENT.has(method) || method.startsWith('thread/realtime/');
}

const permissionsSchema = z.object({ network: z.unknown().nullish(), fileSystem: z.unknown().nullish() });

const request = <M extends string, T extends z.ZodRawShape>(method: M, shape: T) =>
  z.object({ method: z.literal(method), params: z.object(shape) });

export const requestSchema = z.discriminatedUnion('method', [
  request('item/commandExecution/requestApproval', {
    ...place,
    itemId: z.string(),
    reason: z.string().nullish(),
    command: z.string().nullish(),
    cwd: z.string().nullish(),
    networkApprovalContext: z.object({ host: z.string() }).nullish(),
    additionalPermissions: z.unknown().optional(),
  }),
  request('item/fileChange/requestApproval', {
    ...place,
    itemId: z.string(),
    reason: z.string().nullish(),
    grantRoot: z.string().nullish(),
  }),
  request('item/permissions/requestApproval', {
    ...place,
    itemId: z.string(),
    reason: z.string().nullish(),
    permissions: permissionsSchema,
  }),
  request('item/tool/requestUserInput', {
    ...place,
    itemId: z.string(),
    questions: z
      .array(
        z.object({
          id: z.string(),
          header: z.string().nullish(),
          question: z.string(),
          options: z.array(z.object({ label: z.string(), description: z.string().nullish() })).nullish(),
        }),
      )
      .min(1),
  }),
  request('mcpServer/elicitation/request', {
    threadId: z.string(),
    turnId: z.string().nullish(),
    serverName: z.string(),
    mode: z.string(),
    message: z.string().default(''),
    requestedSchema: z.unknown().optional(),
    _meta: z
      .looseObject({
        codex_approval_kind: z.string().optional(),
        persist: z.array(z.string()).optional(),
        tool_name: z.string().optional(),
        tool_params: z.unknown().optional(),
      })
      .nullish()
      .catch(null),
  }),
]);
export type ServerRequest = z.infer<typeof requestSchema>;

export type RequestId = string | number;

/** A message as it came: one of those we know, or `unknown` with all that is in it. */
export type Message =
  | {
      type: 'answer';
      id: number;
      result: unknown;
      error: { code: number; message: string; data?: unknown } | undefined;
    }
  | { type: 'request'; id: RequestId; request: ServerRequest | undefined; method: string; threadId: string | undefined }
  | { type: 'notice'; notice: Notice }
  | { type: 'silent'; threadId: string | undefined }
  | { type: 'unknown'; threadId: string | undefined; payload: unknown };

const envelopeSchema = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() }).optional(),
});
const threadSchema = z.object({ threadId: z.string() });

export function parseMessage(value: unknown): Message {
  const envelope = envelopeSchema.safeParse(value);
  if (!envelope.success) return { type: 'unknown', threadId: undefined, payload: value };
  const { id, method, params, result, error } = envelope.data;
  if (method === undefined) {
    return typeof id === 'number'
      ? { type: 'answer', id, result, error }
      : { type: 'unknown', threadId: undefined, payload: value };
  }
  const thread = threadSchema.safeParse(params);
  const threadId = thread.success ? thread.data.threadId : undefined;
  if (id !== undefined) {
    const asked = requestSchema.safeParse({ method, params });
    return { type: 'request', id, method, threadId, request: asked.success ? asked.data : undefined };
  }
  if (isSilent(method)) return { type: 'silent', threadId };
  const known = noticeSchema.safeParse({ method, params });
  if (known.success) return { type: 'notice', notice: known.data };
  return { type: 'unknown', threadId, payload: value };
}
