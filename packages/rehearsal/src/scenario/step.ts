import { z } from 'zod';

const text = z.string();
const ms = z.int().min(0).max(3_600_000);

/** How a text is cut into streamed deltas. */
export const PACES = ['word', 'letter', 'line', 'whole'] as const;

const sayOptions = z.strictObject({
  text,
  /** Milliseconds before each delta. */
  pace: ms.optional(),
  by: z.enum(PACES).optional(),
  /** How many times the text is said, for long answers. */
  repeat: z.int().min(1).max(1_000_000).optional(),
});

const saySchema = z.union([text.transform((value) => ({ text: value })), sayOptions]);

const callSchema = z.strictObject({
  /** A purpose (`run`, `write`, …) that is mapped to what the agent offers, or the exact name of a tool. */
  tool: z.string().min(1),
  input: z.record(z.string(), z.unknown()).default({}),
});

const errorSchema = z.strictObject({
  status: z.int().min(400).max(599).default(500),
  type: z.string().optional(),
  message: z.string().optional(),
  /** Seconds, sent as `retry-after`. */
  retryAfter: z.number().min(0).optional(),
  /** Fails this many times for the same request of the same conversation, then goes on. Absent: always. */
  times: z.int().min(1).max(1000).optional(),
});

const usageSchema = z.strictObject({
  input: z.int().min(0).optional(),
  output: z.int().min(0).optional(),
  cacheRead: z.int().min(0).optional(),
  cacheWrite: z.int().min(0).optional(),
});

const PLACES = ['before-headers', 'after-headers', 'here'] as const;
const MALFORMED = ['json', 'html', 'empty', 'unknown-event', 'cut-event'] as const;
export type Malformed = (typeof MALFORMED)[number];

/** Verbs that hold no other steps, with the shape of their value. */
const LEAVES = {
  say: saySchema,
  think: saySchema,
  call: z.union([callSchema.transform((call) => [call]), z.array(callSchema).min(1).max(50)]),
  error: errorSchema,
  errorOnce: errorSchema,
  delay: ms,
  hang: z.enum(PLACES),
  drop: z.enum(PLACES),
  malformed: z.enum(MALFORMED),
  stop: z.enum(['end_turn', 'max_tokens', 'refusal', 'stop_sequence', 'tool_use', 'pause_turn']),
  usage: usageSchema,
} as const;

type Leaf = keyof typeof LEAVES;
type LeafStep<V extends Leaf = Leaf> = V extends Leaf ? { verb: V; value: z.infer<(typeof LEAVES)[V]> } : never;

export interface ScriptedExpectation {
  /** A text or /regex/ that the results of the last calls must contain. */
  result?: string | undefined;
  /** Whether one of the results must be an error (a denial is one). */
  error?: boolean | undefined;
  /** Played instead of the rest when the expectation is not met. */
  otherwise?: Step[] | undefined;
}

export interface ScriptedLoop {
  times: number;
  steps: Step[];
}

export type Step = LeafStep | { verb: 'expect'; value: ScriptedExpectation } | { verb: 'loop'; value: ScriptedLoop };
export type StepOf<V extends Step['verb']> = Extract<Step, { verb: V }>;
export type ScriptedCall = z.infer<typeof callSchema>;
export type ScriptedError = z.infer<typeof errorSchema>;
export type ScriptedText = z.infer<typeof sayOptions>;

const stepsSchema: z.ZodType<Step[]> = z.array(z.lazy(() => stepSchema)).min(1);

const expectSchema: z.ZodType<ScriptedExpectation> = z.strictObject({
  result: z.string().optional(),
  error: z.boolean().optional(),
  otherwise: stepsSchema.optional(),
});

const loopSchema: z.ZodType<ScriptedLoop> = z.strictObject({ times: z.int().min(1).max(100_000), steps: stepsSchema });

const VERBS: Readonly<Record<Step['verb'], z.ZodType>> = { ...LEAVES, expect: expectSchema, loop: loopSchema };

const isVerb = (key: string): key is Step['verb'] => Object.hasOwn(VERBS, key);

// One verb per step keeps messages exact: a union of all shapes would only say "invalid input".
export const stepSchema: z.ZodType<Step> = z.unknown().transform((value, context): Step => {
  const entry = typeof value === 'string' ? { say: value } : value;
  const fail = (message: string, path: PropertyKey[] = []): never => {
    context.addIssue({ code: 'custom', message, path });
    return z.NEVER;
  };
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    return fail('A step is a text or one verb with its value');
  const keys = Object.entries(entry);
  const [first] = keys;
  if (first === undefined || keys.length > 1) return fail(`A step has exactly one verb, this one has ${keys.length}`);
  const [verb, argument] = first;
  if (!isVerb(verb)) return fail(`Unknown step "${verb}"; known are ${Object.keys(VERBS).join(', ')}`, [verb]);
  const parsed = VERBS[verb].safeParse(argument);
  if (parsed.success) return { verb, value: parsed.data } as Step;
  for (const issue of parsed.error.issues)
    context.addIssue({ code: 'custom', message: issue.message, path: [verb, ...issue.path] });
  return z.NEVER;
});
