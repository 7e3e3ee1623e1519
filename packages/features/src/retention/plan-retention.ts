import type { Retention, SessionView } from '@baton/protocol';

export interface RetentionPlan {
  archive: SessionView[];
  delete: SessionView[];
}

const DAY_MS = 86_400_000;
const QUIET: readonly SessionView['state'][] = ['idle', 'stopped', 'failed'];

/** What the rules say of these sessions at this moment. A session is archived first, and deleted by a later run. */
export function planRetention(
  sessions: readonly SessionView[],
  { rules, now }: { rules: Retention; now: number },
): RetentionPlan {
  const { archiveAfterDays, deleteArchivedAfterDays } = rules;
  const isOld = ({ updatedAt }: SessionView, days: number | undefined) =>
    days !== undefined && now - Date.parse(updatedAt) >= days * DAY_MS;
  const quiet = sessions.filter(isQuiet);
  return {
    archive: quiet.filter((view) => !view.archived && isOld(view, archiveAfterDays)),
    delete: quiet.filter((view) => view.archived && isOld(view, deleteArchivedAfterDays)),
  };
}

function isQuiet({ state, queue, pending }: SessionView): boolean {
  return QUIET.includes(state) && queue.length + pending.approvals.length + pending.questions.length === 0;
}

/** The time before which raw messages lose their content; undefined: they keep it. */
export function toRawLimit({ keepRawDays }: Retention, now: number): string | undefined {
  return keepRawDays === undefined ? undefined : new Date(now - keepRawDays * DAY_MS).toISOString();
}
