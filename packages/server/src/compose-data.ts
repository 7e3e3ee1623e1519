import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { examineCheckpoints, examineHistory } from '@baton/features';
import { AppError, type Finding, type SessionView, toAppError } from '@baton/protocol';
import { listMarked, toServerMarker } from '@baton/runner';
import {
  compactDatabase,
  type CompactReport,
  inspectDatabase,
  type LogBook,
  type LoggedSession,
  openLogBook,
} from '@baton/store';
import { lockDataDir } from './data/lock.ts';
import { diagnoseDatabase } from './diagnosis/diagnose-database.ts';
import { diagnoseCheckpoints, diagnoseHistory, diagnoseProcesses } from './diagnosis/diagnose-leftovers.ts';
import { hasRunner } from './runner/end-runners.ts';
import { diagnoseSession } from './diagnosis/diagnose-session.ts';

/** Gives back the room that deleted sessions left. Rejects with `conflict` while a server runs on the folder. */
export function compactData(dataDir: string): CompactReport {
  const path = join(dataDir, 'baton.db');
  if (!existsSync(path)) throw new AppError('not-found', `Cannot compact: there is no database in "${dataDir}"`);
  const lock = lockDataDir(dataDir);
  try {
    return compactDatabase({ path });
  } finally {
    lock.release();
  }
}

export interface ExamineOptions {
  dataDir: string;
  /** Whether a server runs on the folder: what its agents are doing is then no leftover. */
  isServed: boolean;
}

/** Reads all that is kept in a data folder and says what is broken or left over, each with its mend. Changes nothing. */
export async function examineData({ dataDir, isServed }: ExamineOptions): Promise<Finding[]> {
  const path = join(dataDir, 'baton.db');
  const inspection = await inspectDatabase({ path });
  const processes = await listMarked({ server: toServerMarker(dataDir) });
  const isHeld = !isServed && (await hasRunner(dataDir));
  const history = diagnoseHistory(examineHistory(join(dataDir, 'history.db')));
  const findings = diagnoseDatabase(inspection);
  if (inspection.state !== 'current') {
    return [...findings, diagnoseProcesses(processes, { states: new Map(), isServed: false, isHeld }), history];
  }
  const { states, broken, checkpoints } = await readBook(path, dataDir);
  return [...findings, ...broken, diagnoseProcesses(processes, { states, isServed, isHeld }), ...checkpoints, history];
}

const MOST = 20;

interface BookFound {
  states: Map<string, SessionView['state']>;
  broken: Finding[];
  checkpoints: Finding[];
}

async function readBook(path: string, dataDir: string): Promise<BookFound> {
  const book = openLogBook({ path });
  try {
    const { states, broken } = await readSessions(book);
    const found = await examineCheckpoints({
      dataDir,
      listRecords: book.listRecords,
      hasSession: (id) => states.has(id),
    });
    return { states, broken, checkpoints: diagnoseCheckpoints(found) };
  } finally {
    book.close();
  }
}

async function readSessions(book: LogBook): Promise<Pick<BookFound, 'states' | 'broken'>> {
  const states = new Map<string, SessionView['state']>();
  const broken: Finding[] = [];
  const at = { id: 'sessions', title: 'Sessions' } as const;
  try {
    for await (const session of book.sessions()) {
      states.set(session.id, session.view.state);
      if (broken.length < MOST) broken.push(...diagnoseSession(session));
    }
  } catch (cause) {
    const mend = 'Put a good backup in its place ("baton restore FILE")';
    broken.push({ ...at, status: 'bad', detail: toAppError(cause).message, mend });
  }
  if (broken.length > 0) return { states, broken };
  return { states, broken: [{ ...at, status: 'good', detail: `${states.size} logs keep every invariant` }] };
}

/**
 * Texts of a data folder that nobody else may read: environments of sessions, what people asked, what they called it. Empty where there is
 * no database; throws when it cannot be read.
 */
export async function readPrivateTexts(dataDir: string): Promise<string[]> {
  const path = join(dataDir, 'baton.db');
  if (!existsSync(path)) return [];
  const book = openLogBook({ path });
  try {
    const texts = new Set<string>();
    for await (const session of book.sessions()) for (const text of toPrivateTexts(session)) texts.add(text);
    return [...texts];
  } finally {
    book.close();
  }
}

function toPrivateTexts({ env, view, events }: LoggedSession): string[] {
  const prompts = events.flatMap(({ event }) => {
    const hasInput = event.type === 'turn.queued' || event.type === 'turn.started' || event.type === 'turn.steered';
    return hasInput ? event.input.flatMap((part) => (part.type === 'text' ? [part.text] : [])) : [];
  });
  return [...Object.values(env), view.title, ...prompts];
}
