import type { ContextWindow, SessionView } from '@baton/protocol';

/** Part of the window that is used, 0 to 100. */
export function toContextPercent({ used, size }: ContextWindow): number {
  return Math.min(100, Math.round((used / size) * 100));
}

/** The model's title as the agent gives it, else its id without the date at its end. */
export function toModelName(session: SessionView): string | undefined {
  if (session.model === undefined) return undefined;
  return session.modelTitle ?? session.model.replace(/-\d{8}$/, '');
}
