import type { OpenOptions } from '@baton/core';
import { toAppError } from '@baton/protocol';
import type { AgentRequest } from './agent-requests.ts';
import type { BegunConversation } from './ahead-conversation.ts';
import { choose } from './choices.ts';
import type { Conversation } from './conversation.ts';
import { applySession } from './offer.ts';
import { openConversation } from './open-conversation.ts';
import { finishResume, repeatsLate } from './peculiarities.ts';
import type { RpcChannel } from './rpc.ts';
import type { AcpSettings } from './settings.ts';
import { CHOSEN } from './state.ts';
import { type Initialized, type SessionResult } from './wire.ts';

export interface OpeningSession {
  options: OpenOptions;
  settings: AcpSettings;
  env: Readonly<Record<string, string>>;
  conversation: Conversation;
  rpc: RpcChannel;
  initialized: Initialized;
  /** One that was begun for it. From the call on, what the agent has said since is heard. */
  begun?: (BegunConversation & { hear(): void }) | undefined;
  /** Called once, before anything is reported of the conversation. */
  onOpen(nativeId: string): void;
}

/** Opens the conversation that the session asks for, and has the agent take what was chosen for it. */
export async function openSession(session: OpeningSession): Promise<void> {
  const { options, settings, env, conversation, rpc, initialized, begun } = session;
  const { definition, bounds, clock } = settings;
  const { model, mode, effort } = options;
  const wanted = { model, mode, effort };
  const choosing = CHOSEN.filter((what) => wanted[what] !== undefined);
  conversation.change({ choosing, model: undefined, mode: undefined, effort: undefined });
  const agent = {
    title: definition.title,
    signIn: definition.signIn,
    env,
    initialized,
    request: (asked: AgentRequest, onResult: (result: unknown) => void = () => {}) =>
      // What the agent asks its user on the way takes as long as people take.
      rpc.request(asked, { timeoutMs: bounds.openMs, excusedMs: () => conversation.askedMs, onResult }),
    expectReplay: () => conversation.expectReplay(),
    onOpen(result: SessionResult, id: string) {
      if (!repeatsLate(conversation.state.agent)) conversation.change({ isReplaying: false });
      session.onOpen(id);
      void conversation.step((step) => applySession(step, result, id));
    },
  };
  if (begun === undefined) await openConversation(agent, options);
  else {
    agent.onOpen(begun.result, begun.nativeId);
    begun.hear();
  }
  if (conversation.state.isReplaying) {
    await conversation.untilRepeated(bounds.replayMs);
    const { agent: name, nativeId } = conversation.state;
    await finishResume(name, { env, nativeId, now: clock.now() });
  }
  await choose({ conversation, rpc, timeoutMs: bounds.requestMs }, wanted).catch((error: unknown) =>
    conversation.tell('warning', `${toAppError(error).message}. It goes on with what it has.`),
  );
}
