import type { Failure } from '@baton/protocol';

export interface UnexpectedEnd {
  title: string;
  code: number | null;
  signal: string | null;
  /** Its last words, outside the protocol. */
  said: string;
  /** Whether it ever spoke the protocol. */
  hasSpoken: boolean;
  /** What to do about one that had spoken; default: for a session. */
  todo?: string;
}

export const CHECK = 'Check its command and arguments';

/** Why the process is gone although nobody asked it to end, and what to do. */
export function toExitFailure(end: UnexpectedEnd): Failure {
  const { title, code, signal, said, hasSpoken } = end;
  const how = signal === null ? `ended${code === null ? '' : ` with code ${code}`}` : `was ended by ${signal}`;
  const what = hasSpoken ? how : `${how} before it spoke the Agent Client Protocol`;
  const todo = hasSpoken ? (end.todo ?? 'Send a prompt to start it again') : CHECK;
  return { kind: 'agent-exited', message: `${title} ${what}${toQuote(said)}. ${todo}.` };
}

/** It prints, but not what an agent would. */
export function toNonsenseFailure(title: string, said: string): Failure {
  const message = `${title} does not speak the Agent Client Protocol${toQuote(said)}. ${CHECK}.`;
  return { kind: 'agent-exited', message };
}

/** It runs, and answers nothing that an agent would. */
export function toDeafMessage(what: string, said: string): string {
  const words = toQuote(said);
  return `${what}${words === '' ? '' : `; it said instead${words}`}. ${CHECK}, and whether it speaks the Agent Client Protocol.`;
}

/** What went wrong, with the last words of the agent. */
export const withWords = (what: string, said: string): string => `${what}${toQuote(said)}.`;

const toQuote = (said: string): string => {
  const words = said.replace(/\s+/g, ' ').trim().slice(0, 500);
  return words === '' ? '' : `: ${words.replace(/\.$/, '')}`;
};

const toMinutes = (ms: number) => Math.max(1, Math.round(ms / 60_000));

export function toQuietNotice(title: string, silentMs: number): string {
  const time = silentMs < 60_000 ? `${Math.round(silentMs / 1000)} s` : `${toMinutes(silentMs)} min`;
  return `${title} has been quiet for ${time}. The model may be slow, or fail and be asked again; you can wait or interrupt.`;
}

export function toHangFailure(title: string, silentMs: number): Failure {
  const what = `${title} heard nothing from its model for ${toMinutes(silentMs)} min and was interrupted`;
  return { kind: 'agent-unresponsive', message: `${what}. Send the prompt again.` };
}
