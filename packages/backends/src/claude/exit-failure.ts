import type { Failure } from '@baton/protocol';

export interface UnexpectedEnd {
  code?: number | null;
  signal?: string | null;
  /** Its last words. */
  said: string;
  nativeId: string | undefined;
}

/** Why the process is gone although nobody asked it to end, and what to do. */
export function toExitFailure({ code, signal, said, nativeId }: UnexpectedEnd): Failure {
  if (/no conversation found/i.test(said)) {
    const message = `Cannot resume the conversation ${nativeId ?? ''}: Claude Code no longer has its transcript. Start a new session.`;
    return { kind: 'agent-exited', message };
  }
  if (/no message found with message\.uuid/i.test(said)) {
    const why = 'Claude Code no longer has the message it should go on after';
    return {
      kind: 'agent-exited',
      message: `Cannot go back: ${why}. Go back to another turn, or start a new session.`,
    };
  }
  if (/already in use/i.test(said)) {
    const message = `The conversation ${nativeId ?? ''} is open in another Claude Code. Close it there and start again.`;
    return { kind: 'agent-exited', message };
  }
  const how = signal == null ? (code == null ? 'ended' : `ended with code ${code}`) : `was ended by ${signal}`;
  const why = said === '' ? '' : `: ${said.replace(/\s+/g, ' ').slice(0, 500)}`;
  return { kind: 'agent-exited', message: `Claude Code ${how}${why}. Send a prompt to start it again.` };
}

const toMinutes = (ms: number) => Math.max(1, Math.round(ms / 60_000));

export function toQuietNotice(silentMs: number): string {
  return `Claude Code has been quiet for ${toMinutes(silentMs)} min. The model may be slow; you can wait or interrupt.`;
}

export function toHangFailure(silentMs: number): Failure {
  const what = `Claude Code heard nothing from the model for ${toMinutes(silentMs)} min and was interrupted`;
  return { kind: 'agent-unresponsive', message: `${what}. Send the prompt again.` };
}
