import { z } from 'zod';
import { errorKindSchema } from './error.ts';
import { storedInputSchema } from './input.ts';

export const TOOL_KINDS = [
  'read',
  'edit',
  'delete',
  'move',
  'search',
  'execute',
  'think',
  'fetch',
  'mcp',
  'subagent',
  'other',
] as const;
export const toolKindSchema = z.enum(TOOL_KINDS);
export type ToolKind = z.infer<typeof toolKindSchema>;

export const TOOL_STATUSES = ['pending', 'running', 'completed', 'failed', 'denied', 'interrupted'] as const;
export const toolStatusSchema = z.enum(TOOL_STATUSES);
export type ToolStatus = z.infer<typeof toolStatusSchema>;

/** `cut` is the number of characters left out of the middle or the end; absent when nothing was. */
export const toolOutputSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string(), cut: z.int().optional() }),
  /** `patch` is a unified diff of the one file, `added` and `removed` count its lines. */
  z.object({
    type: z.literal('diff'),
    path: z.string(),
    patch: z.string(),
    added: z.int(),
    removed: z.int(),
    cut: z.int().optional(),
  }),
  z.object({ type: z.literal('image'), mediaType: z.string(), data: z.string() }),
  z.object({
    type: z.literal('terminal'),
    text: z.string(),
    exitCode: z.int().nullable().optional(),
    cut: z.int().optional(),
  }),
]);
export type ToolOutput = z.infer<typeof toolOutputSchema>;

export const toolLocationSchema = z.object({ path: z.string(), line: z.int().optional() });

export const userMessageItemSchema = z.object({ type: z.literal('user-message'), parts: storedInputSchema });
export const agentMessageItemSchema = z.object({ type: z.literal('agent-message'), text: z.string() });
export const reasoningItemSchema = z.object({ type: z.literal('reasoning'), text: z.string() });
/** A subagent is a tool call of kind `subagent`; its own items carry it as `parentItemId`. */
export const toolCallItemSchema = z.object({
  type: z.literal('tool-call'),
  /** The agent's own name of the tool, such as `Bash`. */
  tool: z.string(),
  /** Verb and object for a person, such as "npm test" or "Edit src/app.ts". */
  title: z.string(),
  kind: toolKindSchema,
  input: z.unknown(),
  status: toolStatusSchema,
  output: z.array(toolOutputSchema).optional(),
  locations: z.array(toolLocationSchema).optional(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
});
export const errorItemSchema = z.object({ type: z.literal('error'), kind: errorKindSchema, message: z.string() });

export const itemSchema = z.discriminatedUnion('type', [
  userMessageItemSchema,
  agentMessageItemSchema,
  reasoningItemSchema,
  toolCallItemSchema,
  errorItemSchema,
]);
export type Item = z.infer<typeof itemSchema>;
export type ToolCallItem = z.infer<typeof toolCallItemSchema>;

/** What of an open item can stream: the text of a message or reasoning, the live output of a tool call. */
export const deltaFieldSchema = z.enum(['text', 'output']);
export type DeltaField = z.infer<typeof deltaFieldSchema>;
