import { z } from 'zod';

// What agents send, as far as we read it. Loose: an optional field that is not what it should be counts as absent, because
// one odd field must not cost a whole message.
const optional = <T extends z.ZodType>(schema: T) => schema.nullish().catch(undefined);

export type RpcId = string | number | null;

const rpcIdSchema = z.union([z.string(), z.number(), z.null()]);
const INTERNAL = -32_603;

// A refusal in an odd form is still one: taken for no answer it would be waited for.
const rpcErrorSchema = z
  .looseObject({
    code: z.int().catch(INTERNAL),
    message: z.string().catch(''),
    data: z.unknown().optional(),
  })
  .or(
    z.string().transform((message): { code: number; message: string; data?: unknown } => ({ code: INTERNAL, message })),
  );
export type RpcError = z.infer<typeof rpcErrorSchema>;

export type RpcOutcome = { ok: true; result: unknown } | { ok: false; error: RpcError };

export type Incoming =
  | { type: 'request'; id: RpcId; method: string; params: unknown }
  | { type: 'notification'; method: string; params: unknown }
  | { type: 'response'; id: RpcId; outcome: RpcOutcome }
  | { type: 'unknown' };

/** What the agent asks or tells. */
export type Call = Extract<Incoming, { method: string }>;
export type AgentAsk = Extract<Call, { type: 'request' }>;

const callSchema = z.object({ id: rpcIdSchema.optional(), method: z.string(), params: z.unknown().optional() });
const resultSchema = z.object({ id: rpcIdSchema, result: z.unknown() }).refine((message) => 'result' in message);
const failureSchema = z.object({ id: rpcIdSchema, error: rpcErrorSchema });

/** One line of the agent, already parsed as JSON. */
export function parseIncoming(value: unknown): Incoming {
  const call = callSchema.safeParse(value);
  if (call.success) {
    const { id, method, params } = call.data;
    return id === undefined ? { type: 'notification', method, params } : { type: 'request', id, method, params };
  }
  const failure = failureSchema.safeParse(value);
  if (failure.success)
    return { type: 'response', id: failure.data.id, outcome: { ok: false, error: failure.data.error } };
  const result = resultSchema.safeParse(value);
  if (!result.success) return { type: 'unknown' };
  return { type: 'response', id: result.data.id, outcome: { ok: true, result: result.data.result } };
}

const authMethodSchema = z.looseObject({
  id: z.string(),
  name: z.string().default(''),
  _meta: optional(z.looseObject({ 'api-key': optional(z.looseObject({ provider: optional(z.string()) })) })),
});
export type AuthMethod = z.infer<typeof authMethodSchema>;

const present = optional(z.looseObject({}));

export const initializedSchema = z.looseObject({
  protocolVersion: z.number(),
  agentCapabilities: optional(
    z.looseObject({
      loadSession: optional(z.boolean()),
      promptCapabilities: optional(z.looseObject({ image: optional(z.boolean()) })),
      sessionCapabilities: optional(z.looseObject({ resume: present, fork: present, list: present, close: present })),
    }),
  ),
  authMethods: optional(z.array(authMethodSchema)),
  agentInfo: optional(z.looseObject({ name: z.string(), title: optional(z.string()), version: optional(z.string()) })),
  _meta: optional(z.looseObject({ steering: optional(z.looseObject({ supported: optional(z.boolean()) })) })),
});
export type Initialized = z.infer<typeof initializedSchema>;

const namedSchema = z.looseObject({ value: z.string(), name: z.string(), description: optional(z.string()) });
const groupSchema = z.looseObject({ options: z.array(namedSchema) }).transform(({ options }) => options);

export const configOptionSchema = z.looseObject({
  id: z.string(),
  name: z.string().default(''),
  category: optional(z.string()),
  currentValue: z.union([z.string(), z.boolean()]),
  options: z
    .array(z.union([groupSchema, namedSchema.transform((one) => [one])]))
    .transform((groups) => groups.flat())
    .catch([]),
});
export type ConfigOption = z.infer<typeof configOptionSchema>;
const configOptionsSchema = z.array(configOptionSchema.nullable().catch(null)).transform((options) => {
  return options.filter((option) => option !== null);
});

const modesSchema = z.looseObject({
  currentModeId: z.string(),
  availableModes: z.array(z.looseObject({ id: z.string(), name: z.string(), description: optional(z.string()) })),
});
const modelsSchema = z.looseObject({
  currentModelId: z.string(),
  availableModels: z.array(z.looseObject({ modelId: z.string(), name: z.string(), description: optional(z.string()) })),
});

/** What `session/new`, `load`, `resume` and `fork` answer; agents say the same things in up to three ways. */
export const sessionResultSchema = z.looseObject({
  sessionId: optional(z.string()),
  modes: optional(modesSchema),
  models: optional(modelsSchema),
  configOptions: optional(configOptionsSchema),
});
export type SessionResult = z.infer<typeof sessionResultSchema>;

/** What `session/list` answers: one page of the conversations there are. */
export const listResultSchema = z.looseObject({
  sessions: z.array(z.unknown()),
  nextCursor: optional(z.string().max(10_000)),
});
export type ListResult = z.infer<typeof listResultSchema>;

export const listedSchema = z.looseObject({
  sessionId: z.string().min(1).max(500),
  cwd: z
    .string()
    .max(4096)
    .refine((path) => !path.includes('\0')),
  title: optional(z.string()),
  updatedAt: optional(z.union([z.string(), z.number()])),
});

export const configResultSchema = z.looseObject({ configOptions: optional(configOptionsSchema) });

export const blockSchema = z.looseObject({
  type: z.string(),
  text: optional(z.string()),
  data: optional(z.string()),
  mimeType: optional(z.string()),
  uri: optional(z.string()),
  name: optional(z.string()),
  resource: optional(z.looseObject({ uri: z.string(), text: optional(z.string()) })),
});
export type Block = z.infer<typeof blockSchema>;

const toolContentSchema = z.looseObject({
  type: z.string(),
  content: optional(blockSchema),
  path: optional(z.string()),
  oldText: optional(z.string()),
  newText: optional(z.string()),
  terminalId: optional(z.string()),
});
export type ToolContent = z.infer<typeof toolContentSchema>;

const terminalDataSchema = optional(z.looseObject({ data: z.string() }));
// Calls are kept by their ids in plain objects, where these names stand for something else.
const callIdSchema = z.string().transform((id) => (id in Object.prototype ? `${id} ` : id));

const askedSchema = z.looseObject({
  question: z.string(),
  header: optional(z.string()),
  multiSelect: optional(z.boolean()),
  options: z.array(z.looseObject({ label: z.string(), description: optional(z.string()) })).catch([]),
});
export type Asked = z.infer<typeof askedSchema>;

export const toolFieldsSchema = z.looseObject({
  toolCallId: callIdSchema,
  title: optional(z.string()),
  name: optional(z.string()),
  kind: optional(z.string()),
  status: optional(z.string()),
  content: optional(z.array(toolContentSchema)),
  locations: optional(z.array(z.looseObject({ path: z.string(), line: optional(z.int()) }))),
  rawInput: z.unknown().optional(),
  rawOutput: z.unknown().optional(),
  _meta: optional(
    z.looseObject({
      claudeCode: optional(z.looseObject({ toolName: optional(z.string()), parentToolUseId: optional(callIdSchema) })),
      toolName: optional(z.string()),
      // Qwen Code's: the subagent's call that this one is part of, and what it asks its user as if for permission.
      parentToolCallId: optional(callIdSchema),
      qwenQuestions: optional(z.array(askedSchema).min(1)),
      // Copilot's: the subagent that makes this call, which it names nowhere else.
      'github.com/copilot': optional(z.looseObject({ agentId: optional(callIdSchema) })),
      terminal_output: terminalDataSchema,
      terminal_output_delta: terminalDataSchema,
      terminal_exit: optional(z.looseObject({ exit_code: optional(z.int()) })),
    }),
  ),
});
export type ToolFields = z.infer<typeof toolFieldsSchema>;

const usageSchema = z.looseObject({
  inputTokens: z.number().catch(0),
  outputTokens: z.number().catch(0),
  cachedReadTokens: optional(z.number()),
  cachedWriteTokens: optional(z.number()),
  totalTokens: optional(z.number()),
});
export type ToldUsage = z.infer<typeof usageSchema>;

const chunk = {
  content: blockSchema,
  messageId: optional(z.string()),
  _meta: optional(z.looseObject({ usage: optional(usageSchema) })),
};
const entriesSchema = z.array(z.looseObject({ content: z.string(), status: z.string().default('pending') }));
const commandSchema = z.looseObject({
  name: z.string(),
  description: z.string().catch(''),
  input: optional(z.looseObject({ hint: optional(z.string()) })),
});

export const updateSchema = z.discriminatedUnion('sessionUpdate', [
  z.looseObject({ sessionUpdate: z.literal('user_message_chunk'), ...chunk }),
  z.looseObject({ sessionUpdate: z.literal('agent_message_chunk'), ...chunk }),
  z.looseObject({ sessionUpdate: z.literal('agent_thought_chunk'), ...chunk }),
  toolFieldsSchema.extend({ sessionUpdate: z.literal('tool_call') }),
  toolFieldsSchema.extend({ sessionUpdate: z.literal('tool_call_update') }),
  z.looseObject({ sessionUpdate: z.literal('plan'), entries: entriesSchema }),
  z.looseObject({
    sessionUpdate: z.literal('plan_update'),
    plan: z.looseObject({ entries: optional(entriesSchema), content: optional(z.string()) }),
  }),
  z.looseObject({ sessionUpdate: z.literal('plan_removed') }),
  z.looseObject({
    sessionUpdate: z.literal('available_commands_update'),
    availableCommands: z.array(commandSchema),
  }),
  z.looseObject({ sessionUpdate: z.literal('current_mode_update'), currentModeId: z.string() }),
  z.looseObject({ sessionUpdate: z.literal('config_option_update'), configOptions: configOptionsSchema }),
  z.looseObject({
    sessionUpdate: z.literal('session_info_update'),
    _meta: optional(
      z.looseObject({
        codex: optional(
          z.looseObject({
            threadStatus: optional(z.looseObject({ type: optional(z.string()) })),
            error: optional(
              z.looseObject({
                message: z.string(),
                additionalDetails: optional(z.string()),
                willRetry: optional(z.boolean()),
              }),
            ),
          }),
        ),
      }),
    ),
  }),
  z.looseObject({
    sessionUpdate: z.literal('usage_update'),
    used: z.number(),
    size: z.number(),
    cost: optional(z.looseObject({ amount: z.number(), currency: z.string() })),
  }),
  z.looseObject({
    sessionUpdate: z.literal('notice'),
    severity: z.string(),
    title: z.string(),
    description: optional(z.string()),
  }),
  z.looseObject({
    sessionUpdate: z.literal('compaction_update'),
    compactionId: z.string(),
    status: z.string(),
    error: optional(z.string()),
  }),
  z.looseObject({ sessionUpdate: z.literal('compaction_summary_chunk') }),
  z.looseObject({
    sessionUpdate: z.literal('subagent_update'),
    sessionId: z.string(),
    title: optional(z.string()),
    state: optional(z.looseObject({ state: z.string(), stopReason: optional(z.string()) })),
  }),
  z.looseObject({
    sessionUpdate: z.literal('session_message'),
    senderSessionId: optional(z.string()),
    recipientSessionId: optional(z.string()),
    content: optional(z.array(blockSchema)),
  }),
  z.looseObject({ sessionUpdate: z.literal('session_message_chunk') }),
]);
export type Update = z.infer<typeof updateSchema>;

/** A time that some agents put beside an update, in no form that all agree on. */
export const stampSchema = z.looseObject({ _meta: z.looseObject({ timestamp: z.unknown() }) });

/** A `session/update` whose update may be of a kind we do not know. */
export const notificationSchema = z.looseObject({ sessionId: z.string(), update: z.unknown() });

export const permissionSchema = z.looseObject({
  sessionId: z.string(),
  toolCall: toolFieldsSchema,
  options: z.array(z.looseObject({ optionId: z.string(), name: z.string().default(''), kind: z.string().default('') })),
});
export type Permission = z.infer<typeof permissionSchema>;

const choiceSchema = z.looseObject({
  const: z.string(),
  title: optional(z.string()),
  description: optional(z.string()),
});
export const propertySchema = z.looseObject({
  type: z.string().catch('string'),
  title: optional(z.string()),
  description: optional(z.string()),
  enum: optional(z.array(z.string())),
  oneOf: optional(z.array(choiceSchema)),
  // Codex's: there even when it says nothing; a note names the question that it belongs to.
  _meta: optional(z.looseObject({ codex: optional(z.looseObject({ questionId: optional(z.string()) })) })),
  items: optional(z.looseObject({ enum: optional(z.array(z.string())), anyOf: optional(z.array(choiceSchema)) })),
});
export type Property = z.infer<typeof propertySchema>;

export const elicitationSchema = z.looseObject({
  message: z.string().default(''),
  url: optional(z.string()),
  requestedSchema: optional(z.looseObject({ properties: z.record(z.string(), propertySchema).catch({}) })),
});
export type Elicitation = z.infer<typeof elicitationSchema>;

const geminiTokensSchema = z.looseObject({ input_tokens: z.number(), output_tokens: z.number() });
export const promptResultSchema = z.looseObject({
  stopReason: z.string().catch('end_turn'),
  usage: optional(usageSchema),
  _meta: optional(z.looseObject({ quota: optional(z.looseObject({ token_count: optional(geminiTokensSchema) })) })),
});
export type PromptResult = z.infer<typeof promptResultSchema>;

export const cancelRequestSchema = z.looseObject({ requestId: rpcIdSchema });
