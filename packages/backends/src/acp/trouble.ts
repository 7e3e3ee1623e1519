import { update } from '../agent/step.ts';
import { toFailure } from './failure.ts';
import type { Step } from './state.ts';
import { tellOnce } from './turn.ts';

interface CodexError {
  message: string;
  additionalDetails?: string | null | undefined;
  willRetry?: boolean | null | undefined;
}

interface CodexNews {
  threadStatus?: { type?: string | null | undefined } | null | undefined;
  error?: CodexError | null | undefined;
}

/** What Codex says beside its messages of how it goes on with its model. */
export function noteTrouble(step: Step, { error, threadStatus }: CodexNews): void {
  // The turn will end as if all were well, and what went wrong is the last that its agent says.
  if (threadStatus?.type === 'systemError') markTrouble(step, step.state.turn?.trouble ?? '');
  if (error == null) return;
  const words = toWords(error);
  if (error.willRetry === true) noteRetry(step, words);
  else markTrouble(step, words);
}

/** The turn fails with these words when it ends; without any it has got over it. */
export function markTrouble(step: Step, trouble: string | undefined): void {
  const { turn } = step.state;
  if (turn !== undefined) update(step, { turn: { ...turn, trouble } });
}

function noteRetry(step: Step, words: string): void {
  const { title } = step.state;
  tellOnce(step, 'retry', `${title} has trouble with its model and tries again: ${words}`);
  const failure = toFailure(title, { code: 0, message: words });
  const { turn } = step.state;
  if (turn !== undefined && failure.kind === 'rate-limited') update(step, { turn: { ...turn, limit: failure } });
}

function toWords({ message, additionalDetails }: CodexError): string {
  const details = additionalDetails ?? '';
  // How often it tried is said before what failed.
  const isCount = message.startsWith('Reconnecting') && details !== '';
  return [isCount ? '' : message, details].filter((text) => text !== '').join(': ');
}
