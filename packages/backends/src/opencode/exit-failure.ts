import type { Failure } from '@baton/protocol';
import type { ProcessExit } from '@baton/runner';

/** Why the server that carried a session is gone although nobody asked it to end, and what to do. */
export function toExitFailure({ code, signal, lastErrors }: ProcessExit): Failure {
  const how = signal == null ? (code == null ? 'ended' : `ended with code ${code}`) : `was ended by ${signal}`;
  const said = lastErrors
    .filter((line) => !line.startsWith('Warning:'))
    .slice(-5)
    .join('; ');
  const why = said === '' ? '' : `: ${said.replace(/\s+/g, ' ').slice(0, 500)}`;
  return { kind: 'agent-exited', message: `OpenCode ${how}${why}. Send a prompt to start it again.` };
}

const toMinutes = (ms: number) => Math.max(1, Math.round(ms / 60_000));

export function toQuietNotice(silentMs: number): string {
  return `OpenCode has been quiet for ${toMinutes(silentMs)} min. The model may be slow; you can wait or interrupt.`;
}

export function toHangFailure(silentMs: number): Failure {
  const what = `OpenCode heard nothing from the model for ${toMinutes(silentMs)} min and was interrupted`;
  return { kind: 'agent-unresponsive', message: `${what}. Send the prompt again.` };
}
