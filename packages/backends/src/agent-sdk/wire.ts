import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';

// What we use of Anthropic's Agent SDK. It is no dependency, so its own types are not there when this is compiled; its
// messages are those of the CLI and are read by `claude/wire.ts`.

/** A running conversation, and the messages it says. */
export interface SdkQuery extends AsyncIterable<unknown> {
  initializationResult(): Promise<unknown>;
  interrupt(options?: { cancelQueued: boolean }): Promise<unknown>;
  setModel(model: string | undefined): Promise<unknown>;
  setPermissionMode(mode: string): Promise<unknown>;
  applyFlagSettings(settings: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Not in the SDK's own types, and not in every version. */
  cancelAsyncMessage?(uuid: string): Promise<unknown>;
  close(): void;
}

export interface SpawnOrder {
  command: string;
  args: string[];
  cwd?: string;
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
}

/** What the SDK wants of a process: the part of Node's `ChildProcess` that it uses. */
export interface SpawnedProcess {
  stdin: Writable;
  stdout: Readable;
  readonly killed: boolean;
  readonly exitCode: number | null;
  readonly signalCode: string | null;
  kill(signal: string): boolean;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  once(event: string, listener: (...args: unknown[]) => void): unknown;
  off(event: string, listener: (...args: unknown[]) => void): unknown;
}

export type CanUseTool = (tool: string, input: unknown, asked: AskedWith) => Promise<unknown>;

/** Beside the tool and its input. */
export interface AskedWith {
  signal: AbortSignal;
  requestId: string;
  toolUseID: string;
  agentID?: string;
  /** Of a tool of an MCP server; `sdk` is the source of those in this process, and nobody else can claim it. */
  mcpServer?: { name: string; source: string };
  suggestions?: readonly unknown[];
  suppressAlwaysAllowRule?: boolean;
  decisionReason?: string;
  /** Not in the SDK's own types. */
  decisionReasonType?: string;
}

export type Hook = (input: unknown) => Promise<Readonly<Record<string, unknown>>>;

export interface ToolAnswer {
  content: { type: 'text'; text: string }[];
  isError?: boolean;
}

export interface AgentSdk {
  query(order: { prompt: AsyncIterable<unknown>; options: Readonly<Record<string, unknown>> }): SdkQuery;
  tool(
    name: string,
    description: string,
    input: Readonly<Record<string, z.ZodType>>,
    handler: (input: unknown) => Promise<ToolAnswer>,
    extras?: Readonly<Record<string, unknown>>,
  ): unknown;
  createSdkMcpServer(server: { name: string; version: string; tools: readonly unknown[] }): unknown;
}

const isFunction = (value: unknown) => typeof value === 'function';

export const agentSdkSchema = z.object({
  query: z.custom<AgentSdk['query']>(isFunction),
  tool: z.custom<AgentSdk['tool']>(isFunction),
  createSdkMcpServer: z.custom<AgentSdk['createSdkMcpServer']>(isFunction),
});

export const manifestSchema = z.object({ version: z.string(), main: z.string().default('sdk.mjs') });

/** What a session says to the agent, in the shapes of the CLI. */
export const sentSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('user') }),
  z.object({
    type: z.literal('control_request'),
    request_id: z.string(),
    request: z.looseObject({ subtype: z.string() }),
  }),
  z.object({
    type: z.literal('control_response'),
    response: z.object({
      request_id: z.string(),
      response: z.unknown().optional(),
      error: z.string().optional(),
    }),
  }),
]);
export type Sent = z.infer<typeof sentSchema>;
