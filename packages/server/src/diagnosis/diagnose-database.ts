import type { Finding } from '@baton/protocol';

/** The same as the store's own inspection says. */
export type Inspection =
  | { state: 'absent' }
  | { state: 'refused'; problem: string }
  | { state: 'older'; version: number; knownVersion: number }
  | { state: 'current'; bytes: number; report: { events: number; sessions: number; problems: string[] } };

const AT = { id: 'database', title: 'Database' } as const;
const MEND = 'Keep a copy ("baton backup FILE"), then put a good backup in its place ("baton restore FILE")';
const MOST = 10;

/** Pages, references, the numbering of events without a gap, and every stored value against its schema. */
export function diagnoseDatabase(found: Inspection): Finding[] {
  switch (found.state) {
    case 'absent':
      return [{ ...AT, status: 'good', detail: 'none yet; the first start makes it' }];
    case 'refused':
      return [{ ...AT, status: 'bad', detail: found.problem, mend: MEND }];
    case 'older': {
      const detail = `has version ${found.version}; this Baton makes it ${found.knownVersion}`;
      return [{ ...AT, status: 'advice', detail, mend: 'Start the server once: it brings the database up to date' }];
    }
    case 'current': {
      const { sessions, events, problems } = found.report;
      const what = `${sessions} sessions, ${events} events, ${(found.bytes / 1024 ** 2).toFixed(1)} MB`;
      if (problems.length === 0) return [{ ...AT, status: 'good', detail: `${what}, no gap and no damage` }];
      return problems
        .slice(0, MOST)
        .map((detail, index) => ({ ...AT, id: `database:${index + 1}`, status: 'bad', detail, mend: MEND }));
    }
  }
}
