import { z } from 'zod';

/** Tokens of one turn (in `turn.ended`) or of the session so far (in `usage.updated` and the session's view). */
export const usageSchema = z.object({
  inputTokens: z.int().nonnegative(),
  outputTokens: z.int().nonnegative(),
  cacheReadTokens: z.int().nonnegative().optional(),
  cacheWriteTokens: z.int().nonnegative().optional(),
});
export type Usage = z.infer<typeof usageSchema>;

/** Tokens in the model's window now, and how many it holds. */
export const contextSchema = z.object({ used: z.int().nonnegative(), size: z.int().positive() });
export type ContextWindow = z.infer<typeof contextSchema>;

export const agentModelSchema = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string().optional(),
  /** How hard it can be asked to think, least first, in the agent's own words; absent when there is no such choice. */
  efforts: z.array(z.string()).optional(),
});
export type AgentModel = z.infer<typeof agentModelSchema>;

export const agentModeSchema = z.object({ id: z.string(), title: z.string(), description: z.string().optional() });
export type AgentMode = z.infer<typeof agentModeSchema>;

/** A slash command, `name` without the slash. */
export const agentCommandSchema = z.object({
  name: z.string(),
  description: z.string(),
  argumentHint: z.string().optional(),
});
export type AgentCommand = z.infer<typeof agentCommandSchema>;

export const mcpServerSchema = z.object({ name: z.string(), status: z.string() });

/** What a running agent can do for its user. The UI asks these, never the backend's name. */
export const CAPABILITIES = [
  'approvals',
  'questions',
  'images',
  'interrupt',
  'resume',
  /** Its conversation can be branched at its end … */
  'fork',
  /** … and at the end of any turn, so that it can also go back. */
  'rewind',
  'steer',
  'live-model',
  'live-mode',
  'live-effort',
  'commands',
  'subagents',
  'reasoning',
  /** It tells which conversations it keeps, when it is asked. */
  'list',
] as const;
export const capabilitySchema = z.enum(CAPABILITIES);
export type Capability = z.infer<typeof capabilitySchema>;

export const AGENT_FAULTS = [
  'not-found',
  'not-executable',
  'does-not-run',
  'too-old',
  'not-signed-in',
  /** Variables for a proxy are set that the agent does not heed. */
  'proxy-ignored',
  /** Found under a version of Node that is not the one on PATH. */
  'other-node',
  'node-too-old',
] as const;
/** What is wrong with an agent, in one sentence, and what to do about it, in another. */
export const agentFaultSchema = z.object({ kind: z.enum(AGENT_FAULTS), what: z.string(), mend: z.string() });
export type AgentFault = z.infer<typeof agentFaultSchema>;

/** Built in: Baton has a backend for it. Preset: an ACP agent that Baton knows. Configured: one that the owner added. */
export const AGENT_KINDS = ['built-in', 'preset', 'configured'] as const;

/** How one signs in: the agent's own command in a terminal, or a variable where the server starts. */
export const agentSignInSchema = z.discriminatedUnion('how', [
  z.object({
    how: z.literal('terminal'),
    /** As one would type it. */
    command: z.string(),
    /** Whether Baton can run it in the page; false where no pseudo-terminal is to be had. */
    inPage: z.boolean(),
    /** What a key can be given in instead. */
    variables: z.array(z.string()),
  }),
  z.object({ how: z.literal('variable'), variables: z.array(z.string()) }),
]);
export type AgentSignIn = z.infer<typeof agentSignInSchema>;

export const backendViewSchema = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(AGENT_KINDS).optional(),
  /** One or two letters, or a small picture as a `data:` address; absent: the first letter of the id. */
  icon: z.string().optional(),
  /** Everything that is known to be wrong, worst first; also of an agent that can start. */
  faults: z.array(agentFaultSchema).optional(),
  /** Present when Baton can install or update it with npm. */
  install: z
    .object({
      package: z.string(),
      /** The version that Baton's own tests ran with; absent: the newest is installed. */
      tested: z.string().optional(),
      /** As one would type it. */
      command: z.string(),
      /** Whether what was found is what Baton installed. */
      ours: z.boolean(),
      /** Whether the tested version is newer than what was found. */
      newer: z.boolean(),
      /** A version that npm has and that is newer than what was found; absent: none, or it was not looked for yet. */
      latest: z.string().optional(),
    })
    .optional(),
  signIn: agentSignInSchema.optional(),
  installed: z.boolean(),
  version: z.string().optional(),
  /** Where the program was found; absent for a backend that runs in process. */
  path: z.string().optional(),
  authenticated: z.enum(['yes', 'no', 'unknown']),
  capabilities: z.array(capabilitySchema),
  models: z.array(agentModelSchema),
  modes: z.array(agentModeSchema),
  /** What is wrong and how to mend it; absent when a session can start. */
  problem: z.string().optional(),
  /** True when what would run now is a scripted rehearsal, not a model. */
  rehearsal: z.boolean().optional(),
  /** Present while starts are refused, because too many in a row failed; `retryAt` is when the next may be tried. */
  breaker: z.object({ state: z.enum(['open', 'half-open']), reason: z.string(), retryAt: z.iso.datetime() }).optional(),
});
export type BackendView = z.infer<typeof backendViewSchema>;

/** Program and arguments, to be started without a shell. */
export const joinCommandSchema = z.array(z.string().max(4096)).min(1).max(20);
