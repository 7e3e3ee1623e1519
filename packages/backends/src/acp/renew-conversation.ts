import { choose } from './choices.ts';
import { applySession } from './offer.ts';
import type { OpeningSession } from './open-session.ts';
import { finishResume, forgetsCutCalls, prepareResume } from './peculiarities.ts';
import { CHOSEN } from './state.ts';
import { sessionResultSchema } from './wire.ts';

type Opening = Omit<OpeningSession, 'initialized' | 'onOpen'>;

/**
 * Has an agent find its open conversation again, where a turn was interrupted and it forgot what became of its calls. Call
 * before each prompt. Never rejects: when it cannot, it goes on with what it has. A prompt that was interrupted meanwhile
 * leaves it under way, and the next waits: the conversation would be taken from under it.
 */
export function createRenewal(opening: () => Opening): () => Promise<void> {
  let renewing: Promise<void> = Promise.resolve();
  return () => (renewing = renewing.then(() => renew(opening())));
}

async function renew(session: Opening): Promise<void> {
  const { options, settings, env, conversation, rpc } = session;
  const { isCut, agent, nativeId, model, mode, effort } = conversation.state;
  if (!isCut || !forgetsCutCalls(agent)) return;
  const { bounds, clock, definition } = settings;
  const chosen = { ...(model && { model }), ...(mode && { mode }), ...(effort && { effort }) };
  // What it says of its choices meanwhile is what a new conversation begins with.
  conversation.change({ isCut: false, choosing: CHOSEN });
  try {
    await prepareResume(definition, { env, nativeId, now: clock.now() });
    conversation.expectReplay();
    const params = { sessionId: nativeId, cwd: options.cwd, mcpServers: [] };
    await rpc.request(
      { method: 'session/load', params },
      {
        timeoutMs: bounds.openMs,
        onResult(answer) {
          const result = sessionResultSchema.parse(answer ?? {});
          conversation.change({ model: undefined, mode: undefined, effort: undefined });
          void conversation.step((step) => applySession(step, result, nativeId));
        },
      },
    );
    await conversation.untilRepeated(bounds.replayMs);
    await finishResume(agent, { env, nativeId, now: clock.now() });
    await choose({ conversation, rpc, timeoutMs: bounds.requestMs }, chosen);
  } catch {
    // It has the conversation as it was, and says what is wrong with that when it is asked.
    conversation.change({ isReplaying: false, ...chosen });
  }
  conversation.change({ choosing: [] });
}
