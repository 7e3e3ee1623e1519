import type { ClientRequestMethod, ClientRequestResponsesByMethod } from '@agentclientprotocol/sdk';
import type { ClientCapabilities } from '@agentclientprotocol/sdk/unstable';
import { type AcpAgentDefinition, isAppError } from '@baton/protocol';
import { ZodError } from 'zod';
import type { PathScope } from '../worker/tools/path-scope.ts';
import { INVALID_PARAMS, METHOD_NOT_FOUND, NOT_FOUND } from './rpc.ts';
import { readTextFile, writeTextFile } from './serve-files.ts';
import type { Terminals } from './terminals.ts';
import type { RpcError } from './wire.ts';

type Outcome = { result: unknown } | { error: RpcError };
type Method = (params: unknown, signal?: AbortSignal) => unknown;
type Methods<Kind extends string> = {
  [Name in ClientRequestMethod & `${Kind}/${string}`]: (
    params: unknown,
    signal?: AbortSignal,
  ) => ClientRequestResponsesByMethod[Name] | Promise<ClientRequestResponsesByMethod[Name]>;
};
/** The signal aborts when the agent takes its request back. */
export type Service = (method: string, params: unknown, signal?: AbortSignal) => Promise<Outcome>;

/** What Baton does for an agent beside answering its questions. Undefined for a method it does not serve. */
export function createService(options: {
  definition: AcpAgentDefinition;
  scope: PathScope;
  terminals: Terminals;
}): Service {
  const { definition, scope, terminals } = options;
  const files: Methods<'fs'> = {
    'fs/read_text_file': (params) => readTextFile(scope, params),
    'fs/write_text_file': (params) => writeTextFile(scope, params),
  };
  const commands: Methods<'terminal'> = {
    'terminal/create': terminals.create,
    'terminal/output': terminals.output,
    'terminal/wait_for_exit': terminals.waitForExit,
    'terminal/kill': terminals.kill,
    'terminal/release': terminals.release,
  };
  const methods = new Map<string, Method>([
    ...(definition.files === false ? [] : Object.entries(files)),
    ...(definition.terminals === false ? [] : Object.entries(commands)),
  ]);

  return async (method, params, signal) => {
    const serve = methods.get(method);
    if (serve === undefined) return toUnknown(method);
    try {
      return { result: await serve(params, signal) };
    } catch (cause) {
      return { error: signal?.aborted === true ? TAKEN_BACK : toRpcError(cause) };
    }
  };
}

/** Whether a method is one of those that Baton may serve, rather than a question to a person. */
export const isServed = (method: string): boolean => method.startsWith('fs/') || method.startsWith('terminal/');

function toUnknown(method: string): { error: RpcError } {
  return { error: { code: METHOD_NOT_FOUND, message: `Baton has no method "${method}"` } };
}

const INTERNAL = -32_603;
const TAKEN_BACK: RpcError = { code: -32_800, message: 'The request was taken back' };

function toRpcError(cause: unknown): RpcError {
  if (cause instanceof ZodError) return { code: INVALID_PARAMS, message: 'The parameters are not valid' };
  if (isAppError(cause))
    return { code: cause.kind === 'not-found' ? NOT_FOUND : INVALID_PARAMS, message: cause.message };
  return { code: INTERNAL, message: cause instanceof Error ? cause.message : 'It did not work' };
}

/** What Baton tells the agent that it can do. */
export function toClientCapabilities({ files = true, terminals = true }: AcpAgentDefinition): ClientCapabilities {
  return {
    fs: { readTextFile: files, writeTextFile: files },
    terminal: terminals,
    elicitation: { form: {}, url: {} },
    session: { notices: {}, compaction: {}, configOptions: { boolean: {} } },
    plan: {},
    subagents: {},
  };
}
