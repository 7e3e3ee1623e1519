import type {
  AgentNotificationParamsByMethod,
  AgentRequestParamsByMethod,
  ContentBlock,
  SessionId,
} from '@agentclientprotocol/sdk/unstable';

/** What an agent can be asked: all that the protocol has, drafts too, and what agents have beside it. */
interface AgentRequests extends AgentRequestParamsByMethod {
  /** The protocol's older way, and the only one of Gemini CLI. */
  'session/set_model': { sessionId: SessionId; modelId: string };
  /** Adds to a running turn: an extension of the agents of Claude and Codex. */
  '_session/steering': { sessionId: SessionId; prompt: ContentBlock[] };
  /** Nothing that an agent knows: that it refuses this is a sign of life. */
  '_baton/ping': Record<string, never>;
}

type MessagesOf<Params> = { [Method in keyof Params]: { method: Method; params: Params[Method] } }[keyof Params];

/** Something asked of an agent, as the protocol has it. */
export type AgentRequest = MessagesOf<AgentRequests>;
/** Something told to an agent. */
export type AgentNotification = MessagesOf<AgentNotificationParamsByMethod>;
