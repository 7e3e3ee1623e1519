import type { CommandInput, RecordedEvent } from '@baton/protocol';
import { keep } from './soak.ts';

/** What was sent, and whether it was acknowledged before the death. */
export interface Sent {
  id: string;
  command: CommandInput;
  acknowledged: boolean;
}

/** Of all rounds of death. */
export interface Counts {
  acknowledged: number;
  /** Sent again, because no acknowledgement had come. */
  repeated: number;
  withdrawn: number;
}

/** Holds a log against what was sent, adds to the counts, and throws at the first promise that is broken. */
export function audit(
  log: readonly RecordedEvent[],
  { sent, counts }: { sent: readonly Sent[]; counts: Counts },
): void {
  for (const { command } of sent) {
    const found = log.filter((each) => isEffect(each, command)).length - countTakenBack(log, command);
    const wanted = command.type === 'approval.answer' ? found <= 1 : found === 1;
    keep(wanted, 'a command has one effect', { command, found });
  }
  for (const { command } of sent.filter(({ acknowledged }) => acknowledged)) {
    counts.acknowledged += 1;
    const found = log.filter((each) => isEffect(each, command)).length - countTakenBack(log, command);
    keep(found === 1, 'what was acknowledged is there', { command, found });
  }
  for (const { event } of log) {
    if (event.type !== 'approval.withdrawn') continue;
    counts.withdrawn += 1;
    keep(event.reason.length > 20, 'a withdrawn approval says why', event);
  }
}

// A prompt is there from the event that first names its turn.
function isEffect({ event }: RecordedEvent, command: CommandInput): boolean {
  switch (command.type) {
    case 'turn.start':
      return event.type === 'turn.started' && event.turnId === command.turnId;
    case 'session.configure':
      return event.type === 'session.configured' && event.title === command.title;
    case 'approval.answer':
      return event.type === 'approval.answered' && event.approvalId === command.approvalId;
    default:
      return false;
  }
}

// A prompt that certainly did not reach its agent starts again, once.
function countTakenBack(log: readonly RecordedEvent[], command: CommandInput): number {
  const turnId = command.type === 'turn.start' ? command.turnId : undefined;
  return log.filter(({ event }) => event.type === 'turn.requeued' && event.turnId === turnId).length;
}
