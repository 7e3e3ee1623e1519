import type { Failure } from '@baton/protocol';
import type { ConversationEnd } from './wire.ts';

export interface UnexpectedEnd {
  code: number | null;
  signal: string | null;
  /** Its last words. */
  said: string;
}

/** Why the process is gone although nobody asked it to end, and what to do. */
export function toExitFailure({ code, signal, said }: UnexpectedEnd): Failure {
  const how = signal === null ? (code === null ? 'ended' : `ended with code ${code}`) : `was ended by ${signal}`;
  const why = said === '' ? '' : `: ${said.replace(/\s+/g, ' ').slice(0, 500)}`;
  return { kind: 'agent-exited', message: `Codex ${how}${why}. Send a prompt to start it again.` };
}

/** Why a conversation cannot be taken up again, when it is something to explain. */
export function toResumeFailure(nativeId: string, said: string): Failure | undefined {
  if (/no rollout found|thread not found/i.test(said)) {
    const message = `Cannot resume the conversation ${nativeId}: Codex no longer has it. Start a new session.`;
    return { kind: 'agent-exited', message };
  }
  if (/active writer/i.test(said)) {
    const message = `The conversation ${nativeId} is open in another Codex. Close it there and start again.`;
    return { kind: 'agent-exited', message };
  }
  return undefined;
}

/** Why a conversation is over that somebody else closed, with Codex's own program, and what to do. */
export function toLostFailure(how: ConversationEnd['method']): Failure {
  const [done, todo] = LOST[how];
  return { kind: 'agent-exited', message: `Somebody ${done} this conversation in Codex itself. ${todo}.` };
}

const LOST = {
  'thread/closed': ['closed', 'Send a prompt to open it again'],
  'thread/archived': ['archived', 'Send a prompt to take it out of the archive and go on'],
  'thread/deleted': ['deleted', 'Start a new session'],
} as const;

const toMinutes = (ms: number) => Math.max(1, Math.round(ms / 60_000));

export function toQuietNotice(silentMs: number): string {
  return `Codex has been quiet for ${toMinutes(silentMs)} min. The model may be slow; you can wait or interrupt.`;
}

export function toHangFailure(silentMs: number): Failure {
  const what = `Codex heard nothing from the model for ${toMinutes(silentMs)} min and was interrupted`;
  return { kind: 'agent-unresponsive', message: `${what}. Send the prompt again.` };
}

const ANSI = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** A line of Codex's log for a person; undefined for what it says at every start and nobody can act on. */
export function toLogLine(line: string): string | undefined {
  const plain = line.replace(ANSI, '');
  return /could not create PATH aliases|could not find bubblewrap/.test(plain) ? undefined : plain;
}
