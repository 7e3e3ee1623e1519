import type { AgentRequest } from './agent-requests.ts';
import type { RpcChannel } from './rpc.ts';
import type { AcpSettings } from './settings.ts';
import { type Initialized, type SessionResult, sessionResultSchema } from './wire.ts';

/** What an agent answered when a conversation was begun in which nothing was said yet. */
export interface BegunConversation {
  nativeId: string;
  result: SessionResult;
}

/** The conversation that an agent which waits for a session has begun for it, or not. */
export interface AheadConversation {
  readonly begun: BegunConversation | undefined;
  /** Begins one, if the agent can close it again. Rejects when it begins none. */
  begin(): Promise<void>;
  /** Closes it if there is one, and nothing is left or heard of it. Rejects when the agent does not close it. */
  close(): Promise<void>;
}

export interface AheadOptions {
  rpc: RpcChannel;
  settings: AcpSettings;
  cwd: string;
  initialized: Initialized;
  /** What is called to have forgotten all that the agent says from now on until then. */
  mark(): () => void;
}

export function createAheadConversation(options: AheadOptions): AheadConversation {
  const { rpc, settings, cwd, initialized, mark } = options;
  const { openMs, requestMs } = settings.bounds;
  let begun: BegunConversation | undefined;
  let forget = (): void => undefined;
  return {
    get begun() {
      return begun;
    },
    async begin() {
      if (initialized.agentCapabilities?.sessionCapabilities?.close == null) return;
      forget = mark();
      const asked: AgentRequest = { method: 'session/new', params: { cwd, mcpServers: [] } };
      const result = sessionResultSchema.parse(await rpc.request(asked, { timeoutMs: openMs }));
      if (result.sessionId == null) throw new Error('session/new answered without a session id');
      begun = { nativeId: result.sessionId, result };
    },
    async close() {
      if (begun === undefined) return;
      const asked: AgentRequest = { method: 'session/close', params: { sessionId: begun.nativeId } };
      begun = undefined;
      await rpc.request(asked, { timeoutMs: requestMs });
      forget();
    },
  };
}
