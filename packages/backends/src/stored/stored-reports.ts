import type { AgentReport } from '@baton/core';
import type { IdKind, createId } from '@baton/protocol';
import type { StoredIds } from './stored-ids.ts';
import type { StoredLog, StoredTurnEnd } from './stored-log.ts';

/**
 * Time and ids for the translation of one stored thing: made of its name, so that they stay when more is stored after it.
 */
export function toStoredContext(log: StoredLog, ids: StoredIds, name: string) {
  const mint = <K extends IdKind>(kind: K) => {
    const id = kind === 'turn' ? ids.turn(name, log.now) : ids.item(name, log.now);
    // Only turns and items are minted when nothing is asked and nobody answers, and each id has the form of its kind.
    return id as unknown as ReturnType<typeof createId<K>>;
  };
  return { now: log.at, createId: mint };
}

/** Writes what a translation reports into the log; what has no place in a found conversation is left out. */
export function writeReports(log: StoredLog, reports: readonly AgentReport[], more: Partial<StoredTurnEnd> = {}): void {
  for (const report of reports) writeReport(log, report, more);
}

function writeReport(log: StoredLog, report: AgentReport, more: Partial<StoredTurnEnd>): void {
  switch (report.type) {
    case 'turn.started':
      return log.startTurn(report.turnId, report.input, 'agent');
    case 'turn.ended': {
      const { type: _type, turnId: _turnId, ...end } = report;
      return log.endTurn({ ...end, ...more });
    }
    case 'item.started':
      return log.startItem(report.itemId, report.item, report.parentItemId);
    case 'item.ended':
      return log.endItem(report.itemId, report.item);
    case 'plan.updated':
      return log.plan(report.entries);
    default:
      return;
  }
}
