import type { Clock, StoredSession, ToldConversation } from '@baton/core';
import { AppError } from '@baton/protocol';
import type { BriefAgent } from './brief-agent.ts';
import { toWords } from './failure.ts';
import { METHOD_NOT_FOUND, NOT_FOUND, RpcRefusal } from './rpc.ts';
import type { Replay } from './replay.ts';
import type { AcpSettings } from './settings.ts';
import { askSignedIn } from './sign-in.ts';

/**
 * Has an agent load a conversation, which it repeats for that, and nothing more: no prompt is sent. Rejects with the agent's own
 * reason when it does not.
 */
export async function readConversation(
  agent: BriefAgent,
  { nativeId, cwd, title = nativeId }: ToldConversation,
  { settings, replay, pulse }: { settings: AcpSettings; replay: Replay; pulse: ReplayPulse },
): Promise<StoredSession | undefined> {
  const { bounds, clock } = settings;
  if (agent.initialized.agentCapabilities?.loadSession !== true)
    throw new AppError('capability-missing', `${agent.title} cannot show what was said in its earlier conversations`);
  const params = { sessionId: nativeId, cwd, mcpServers: [] };
  await askSignedIn(agent, () => agent.request({ method: 'session/load', params }, { timeoutMs: bounds.openMs })).catch(
    (error: unknown) => {
      throw toReadError(agent.title, title, error);
    },
  );
  // Some say that it is open before they repeat it.
  await pulse.untilSilent({ clock, firstMs: bounds.replayMs, silentMs: bounds.lateMs });
  return replay.toStored();
}

function toReadError(agent: string, title: string, error: unknown): unknown {
  if (!(error instanceof RpcRefusal)) return error;
  const { code } = error.error;
  const why = code === METHOD_NOT_FOUND ? 'it does not know how' : toWords(error.error) || 'it does not say why';
  const kind = code === NOT_FOUND ? 'not-found' : 'agent-unresponsive';
  return new AppError(kind, `${agent} does not open "${title}": ${why.replace(/\.$/, '')}.`);
}

/** When a conversation that is repeated was last added to. */
export interface ReplayPulse {
  beat(): void;
  /** Waits for the first beat, at most `firstMs`, and then for `silentMs` without one, at most `firstMs` in all. */
  untilSilent(how: { clock: Clock; firstMs: number; silentMs: number }): Promise<void>;
}

export function createReplayPulse(): ReplayPulse {
  let beats = 0;
  let onBeat = () => {};
  return {
    beat() {
      beats += 1;
      onBeat();
    },
    async untilSilent({ clock, firstMs, silentMs }) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const cancelLast = clock.after(firstMs, resolve);
      let cancelSilence = beats === 0 ? () => {} : clock.after(silentMs, resolve);
      onBeat = () => {
        cancelSilence();
        cancelSilence = clock.after(silentMs, resolve);
      };
      await promise;
      cancelLast();
      cancelSilence();
      onBeat = () => {};
    },
  };
}
