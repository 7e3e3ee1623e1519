import type { SessionId } from '@baton/protocol';
import type { ControlChannel } from './control.ts';
import type { QuietMoment } from './quiet-moment.ts';
import type { ClaudeBounds } from './settings.ts';
import type { StartedClaude } from './start-claude.ts';
import { type Initialized, initializedSchema } from './wire.ts';

export interface OfferQuestion {
  channel: ControlChannel;
  bounds: Pick<ClaudeBounds, 'readyMs' | 'requestMs'>;
  sessionId: SessionId;
  quietMoment: QuietMoment;
  /** A prompt may be written: it is read after the question, or need not wait for it. */
  onMayWrite(): void;
}

/** What a new process offers; one that waited has said it before. Rejects when it does not answer. */
export async function learnOffer(started: StartedClaude, question: OfferQuestion): Promise<Initialized> {
  const { channel, bounds, sessionId, quietMoment, onMayWrite } = question;
  if (started.initialized !== undefined) {
    // It was started before its session had a name, which what it runs is to know all the same.
    const name = { settings: { env: { BATON_SESSION: sessionId } } };
    channel.request('apply_flag_settings', name, bounds.requestMs).catch(() => {});
    onMayWrite();
    return started.initialized;
  }
  if (started.canBeginUnasked === true) {
    onMayWrite();
    await quietMoment.come;
  }
  const answer = channel.request('initialize', { forwardSubagentText: true }, bounds.readyMs);
  onMayWrite();
  return initializedSchema.parse((await answer) ?? {});
}
