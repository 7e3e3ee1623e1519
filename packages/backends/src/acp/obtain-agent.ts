import type { OpenOptions } from '@baton/core';
import type { BegunConversation } from './ahead-conversation.ts';
import { type ProcessEars, type StartedAgent, startAgent } from './launch.ts';
import type { AcpSettings } from './settings.ts';
import type { WarmAgents } from './warm-agents.ts';
import type { Initialized } from './wire.ts';

export interface WantedAgent {
  settings: AcpSettings;
  options: OpenOptions;
  env: Readonly<Record<string, string>>;
  ears: ProcessEars;
  /** Undefined where no agents wait. */
  warm: WarmAgents | undefined;
  isWanted(): boolean;
}

export interface ObtainedAgent extends StartedAgent {
  /** The handshake of one that waited. */
  initialized?: Initialized | undefined;
  begun?: BegunConversation | undefined;
  /** From the call on the ears hear it, and first what it has said before. Of one that begun a conversation, call it when that is open. */
  hear(): void;
}

/** An agent that waited for a session like this one, or else one that is started. Undefined when it is no longer wanted. */
export async function obtainAgent(wanted: WantedAgent): Promise<ObtainedAgent | undefined> {
  const { options, env, ears, warm } = wanted;
  const { cwd, nativeId, branch } = options;
  const ready = await warm?.take({ cwd, env }, { new: nativeId === undefined && branch === undefined });
  if (ready !== undefined) return { ...ready, begun: ready.ahead.begun, hear: () => ready.hear(ears) };
  const started = await startAgent(wanted);
  return started && { ...started, hear: () => undefined };
}
