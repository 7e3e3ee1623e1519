import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentReport, AgentSession, Backend, OpenOptions } from '@baton/core';
import { type InputPart, type TurnId, createId, sessionIdSchema } from '@baton/protocol';

const PATIENCE_MS = 60_000;
const MOST_TOLD = 30;

export type ReportOf<T extends AgentReport['type']> = Extract<AgentReport, { type: T }>;

/** A session with a real agent, and all that it reports. */
export interface OpenSession {
  session: AgentSession;
  cwd: string;
  reports: AgentReport[];
  of<T extends AgentReport['type']>(type: T): ReportOf<T>[];
  /** Resolves with the n-th report of a type (1 is the first), whenever it comes. */
  nth<T extends AgentReport['type']>(type: T, n?: number): Promise<ReportOf<T>>;
  /** Resolves when a report fits; rejects with all there are when none does within a minute. */
  until(fits: (report: AgentReport) => boolean): Promise<AgentReport>;
  /** Sends a prompt and waits for the end of its turn. */
  run(input: string | InputPart[]): Promise<ReportOf<'turn.ended'>>;
  send(input: string | InputPart[]): Promise<TurnId>;
  /** A file of the session's folder. */
  read(file: string): Promise<string>;
}

export interface OpenSessionChoice {
  cwd: string;
  open?: Partial<OpenOptions>;
  /** Whether waiting fails as soon as the agent has ended, and not with the time of the test. */
  failsAtExit?: boolean;
}

export function openSession(backend: Backend, choice: OpenSessionChoice): OpenSession {
  const { cwd, open = {}, failsAtExit = false } = choice;
  const reports: AgentReport[] = [];
  const watchers = new Set<() => void>();
  const session = backend.open({
    sessionId: sessionIdSchema.parse(createId('session')),
    cwd,
    env: {},
    async *history() {},
    report(report) {
      reports.push(report);
      for (const look of watchers) look();
    },
    ...open,
  });

  function find(fits: (report: AgentReport) => boolean): Promise<AgentReport> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = reports.find(fits);
        const exit = failsAtExit ? reports.find((report) => report.type === 'agent.exited') : undefined;
        if (found === undefined && exit === undefined) return;
        watchers.delete(look);
        clearTimeout(late);
        if (found === undefined) reject(new Error(`The agent has ended: ${JSON.stringify(exit)}`));
        else resolve(found);
      };
      const late = setTimeout(() => {
        watchers.delete(look);
        reject(new Error(`No such report within a minute, but ${JSON.stringify(reports.slice(-MOST_TOLD))}`));
      }, PATIENCE_MS);
      watchers.add(look);
      look();
    });
  }
  const of = <T extends AgentReport['type']>(type: T) =>
    reports.filter((report): report is ReportOf<T> => report.type === type);
  async function findNth<T extends AgentReport['type']>(type: T, n: number): Promise<ReportOf<T>> {
    await find(() => of(type).length >= n);
    const report = of(type)[n - 1];
    if (report === undefined) throw new Error(`No report ${type} number ${n}`);
    return report;
  }
  async function send(input: string | InputPart[]): Promise<TurnId> {
    const turnId = createId('turn');
    await session.prompt({ turnId, input: typeof input === 'string' ? [{ type: 'text', text: input }] : input });
    return turnId;
  }
  async function sendAndWait(input: string | InputPart[]): Promise<ReportOf<'turn.ended'>> {
    const turnId = await send(input);
    await find((report) => report.type === 'turn.ended' && report.turnId === turnId);
    const ended = of('turn.ended').find((report) => report.turnId === turnId);
    if (ended === undefined) throw new Error('The turn did not end');
    return ended;
  }
  const until = (fits: (report: AgentReport) => boolean) => mayGoUnheard(find(fits));
  const nth = <T extends AgentReport['type']>(type: T, n = 1) => mayGoUnheard(findNth(type, n));
  const run = (input: string | InputPart[]) => mayGoUnheard(sendAndWait(input));
  const read = (file: string) => readFile(join(cwd, file), 'utf8');
  return { session, cwd, reports, of, nth, until, run, send, read };
}

/** A test may end without what it once waited for. */
function mayGoUnheard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
