import { z } from 'zod';

// What we read of OpenCode's API, loosely and minimally; what is not listed here is not used.

const tokensSchema = z.object({
  input: z.number().default(0),
  output: z.number().default(0),
  reasoning: z.number().default(0),
  cache: z.object({ read: z.number().default(0), write: z.number().default(0) }).default({ read: 0, write: 0 }),
});
export type NativeTokens = z.infer<typeof tokensSchema>;

export const nativeErrorSchema = z.object({
  name: z.string().default('UnknownError'),
  data: z
    .looseObject({
      message: z.string().optional(),
      statusCode: z.number().optional(),
      providerID: z.string().optional(),
      responseBody: z.string().optional(),
    })
    .default({}),
});
export type NativeError = z.infer<typeof nativeErrorSchema>;

export const sessionSchema = z.object({
  id: z.string(),
  parentID: z.string().optional(),
  directory: z.string().optional(),
  cost: z.number().optional(),
  tokens: tokensSchema.optional(),
});
export type NativeSession = z.infer<typeof sessionSchema>;

const userSchema = z.object({
  id: z.string(),
  sessionID: z.string(),
  role: z.literal('user'),
  time: z.object({ created: z.number() }),
  agent: z.string().optional(),
  model: z.object({ providerID: z.string(), modelID: z.string(), variant: z.string().optional() }).optional(),
});
const assistantSchema = z.object({
  id: z.string(),
  sessionID: z.string(),
  role: z.literal('assistant'),
  time: z.object({ created: z.number(), completed: z.number().optional() }),
  error: nativeErrorSchema.optional(),
  modelID: z.string().optional(),
  providerID: z.string().optional(),
  summary: z.boolean().optional().catch(undefined),
  cost: z.number().default(0),
  tokens: tokensSchema.optional(),
  finish: z.string().optional(),
});
export const messageSchema = z.discriminatedUnion('role', [userSchema, assistantSchema]);
export type NativeMessage = z.infer<typeof messageSchema>;

const fileSchema = z.object({ mime: z.string(), url: z.string(), filename: z.string().optional() });

export const toolStateSchema = z.object({
  status: z.enum(['pending', 'running', 'completed', 'error']),
  input: z.record(z.string(), z.unknown()).default({}),
  output: z.string().optional(),
  error: z.string().optional(),
  metadata: z.record(z.string(), z.unknown()).default({}),
  attachments: z.array(fileSchema).optional(),
});
export type ToolState = z.infer<typeof toolStateSchema>;

const place = { id: z.string(), sessionID: z.string(), messageID: z.string() };
const textPartSchema = z.object({
  ...place,
  type: z.enum(['text', 'reasoning']),
  text: z.string(),
  synthetic: z.boolean().optional(),
  ignored: z.boolean().optional(),
  time: z.object({ end: z.number().optional() }).optional(),
});
const toolPartSchema = z.object({
  ...place,
  type: z.literal('tool'),
  tool: z.string(),
  callID: z.string(),
  state: toolStateSchema,
});
const compactionPartSchema = z.object({ ...place, type: z.literal('compaction'), auto: z.boolean().optional() });
// Known, and told by other events or of no use to a person.
const quietPartSchema = z.object({
  ...place,
  type: z.enum(['step-start', 'step-finish', 'patch', 'file', 'retry', 'snapshot', 'agent', 'subtask']),
});
export const partSchema = z.discriminatedUnion('type', [
  textPartSchema,
  toolPartSchema,
  compactionPartSchema,
  quietPartSchema,
]);
export type NativePart = z.infer<typeof partSchema>;
export type NativeTextPart = z.infer<typeof textPartSchema>;
export type NativeToolPart = z.infer<typeof toolPartSchema>;

export const messagesSchema = z.array(z.object({ info: messageSchema, parts: z.array(z.unknown()) }));

export const permissionSchema = z.object({
  id: z.string(),
  sessionID: z.string(),
  permission: z.string(),
  patterns: z.array(z.string()).default([]),
  metadata: z.record(z.string(), z.unknown()).default({}),
  always: z.array(z.string()).default([]),
  tool: z.object({ messageID: z.string(), callID: z.string() }).optional(),
});
export type NativePermission = z.infer<typeof permissionSchema>;

export const questionRequestSchema = z.object({
  id: z.string(),
  sessionID: z.string(),
  questions: z.array(
    z.object({
      question: z.string(),
      header: z.string().optional(),
      options: z.array(z.object({ label: z.string(), description: z.string().optional() })).default([]),
      multiple: z.boolean().optional(),
    }),
  ),
  tool: z.object({ messageID: z.string(), callID: z.string() }).optional(),
});
export type NativeQuestion = z.infer<typeof questionRequestSchema>;

export const statusSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('idle') }),
  z.object({ type: z.literal('busy') }),
  z.object({
    type: z.literal('retry'),
    attempt: z.number(),
    message: z.string(),
    /** When it tries, in milliseconds since the epoch. */
    next: z.number().optional().catch(undefined),
  }),
]);
export type NativeStatus = z.infer<typeof statusSchema>;

export const todosSchema = z.array(z.object({ content: z.string(), status: z.string() }));

const ofSession = { sessionID: z.string() };

export const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('session.created'), properties: z.object({ info: sessionSchema }) }),
  z.object({ type: z.literal('session.status'), properties: z.object({ ...ofSession, status: statusSchema }) }),
  z.object({ type: z.literal('session.idle'), properties: z.object(ofSession) }),
  z.object({ type: z.literal('session.compacted'), properties: z.object(ofSession) }),
  z.object({
    type: z.literal('session.error'),
    properties: z.object({ sessionID: z.string().optional(), error: nativeErrorSchema.optional() }),
  }),
  z.object({ type: z.literal('message.updated'), properties: z.object({ info: messageSchema }) }),
  z.object({ type: z.literal('message.part.updated'), properties: z.object({ part: partSchema }) }),
  z.object({
    type: z.literal('message.part.delta'),
    properties: z.object({ ...ofSession, partID: z.string(), field: z.string(), delta: z.string() }),
  }),
  z.object({
    type: z.literal('message.part.removed'),
    properties: z.object({ ...ofSession, partID: z.string() }),
  }),
  z.object({ type: z.literal('permission.asked'), properties: permissionSchema }),
  z.object({ type: z.literal('permission.replied'), properties: z.object({ ...ofSession, requestID: z.string() }) }),
  z.object({ type: z.literal('question.asked'), properties: questionRequestSchema }),
  z.object({ type: z.literal('question.replied'), properties: z.object({ ...ofSession, requestID: z.string() }) }),
  z.object({ type: z.literal('question.rejected'), properties: z.object({ ...ofSession, requestID: z.string() }) }),
  z.object({ type: z.literal('todo.updated'), properties: z.object({ ...ofSession, todos: todosSchema }) }),
]);
export type KnownEvent = z.infer<typeof eventSchema>;
export type NativeEvent = KnownEvent | { type: 'unknown'; payload: unknown };

// Told by other events, about the machine and not the conversation, or of OpenCode's own interface.
const NOISE =
  /^(server|plugin|catalog|reference|integration|file|vcs|command|lsp|installation|ide|mcp|project|pty|tui|worktree|workspace|models-dev|global|account|storage)\.|^(session\.(updated|diff|deleted)|message\.removed|(permission|question)\.v2\..*|session\.next\..*)$/;

export function isNoise(type: string): boolean {
  return NOISE.test(type);
}

const headSchema = z.looseObject({ type: z.string() });

/** An event as we know it; what nobody needs is undefined, and what nobody knows stays whole. */
export function parseEvent(payload: unknown): NativeEvent | undefined {
  const event = eventSchema.safeParse(payload);
  if (event.success) return event.data;
  const head = headSchema.safeParse(payload);
  if (head.success && isNoise(head.data.type)) return undefined;
  return { type: 'unknown', payload };
}

const sessionOfSchema = z.looseObject({
  properties: z.looseObject({
    sessionID: z.string().optional().catch(undefined),
    info: z.looseObject({ id: z.string().optional(), sessionID: z.string().optional() }).optional().catch(undefined),
    part: z.looseObject({ sessionID: z.string().optional() }).optional().catch(undefined),
  }),
});

/** The conversation an event is about. */
export function toSessionId(event: NativeEvent): string | undefined {
  if (event.type === 'session.created') return event.properties.info.id;
  const payload = event.type === 'unknown' ? event.payload : event;
  const parsed = sessionOfSchema.safeParse(payload);
  if (!parsed.success) return undefined;
  const { sessionID, info, part } = parsed.data.properties;
  return sessionID ?? info?.sessionID ?? part?.sessionID;
}

export const agentsSchema = z.array(
  z.object({
    name: z.string(),
    description: z.string().optional(),
    mode: z.enum(['subagent', 'primary', 'all']).catch('primary'),
    hidden: z.boolean().optional(),
  }),
);
export type NativeAgents = z.infer<typeof agentsSchema>;

const modelSchema = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string().optional(),
  limit: z.object({ context: z.number() }).optional().catch(undefined),
  variants: z.record(z.string(), z.unknown()).optional().catch(undefined),
});
export const providersSchema = z.object({
  providers: z.array(z.object({ id: z.string(), name: z.string(), models: z.record(z.string(), modelSchema) })),
  default: z.record(z.string(), z.string()).default({}),
});
export type NativeProviders = z.infer<typeof providersSchema>;

export const commandsSchema = z.array(
  z.object({ name: z.string(), description: z.string().optional(), hints: z.array(z.string()).default([]) }),
);
export type NativeCommands = z.infer<typeof commandsSchema>;

export const healthSchema = z.object({ healthy: z.boolean(), version: z.string() });
export const mcpSchema = z.record(z.string(), z.looseObject({ status: z.string().default('unknown') }));
