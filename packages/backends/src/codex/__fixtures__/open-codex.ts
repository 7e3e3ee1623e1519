import { mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentReport, AgentSession, Backend, OpenOptions } from '@baton/core';
import { type InputPart, type TurnId, createId, sessionIdSchema } from '@baton/protocol';
import type { Rehearsal } from '@baton/rehearsal';
import { type CodexBackendOptions, createCodexBackend } from '../index.ts';

export const VERSION = '0.169.0';

export const EXECUTABLE = fileURLToPath(new URL('../../../../../test-agents/node_modules/.bin/codex', import.meta.url));

type ReportOf<T extends AgentReport['type']> = Extract<AgentReport, { type: T }>;

/** A session with a real Codex on a scripted model, in a home and a folder of its own. */
export interface OpenCodex {
  session: AgentSession;
  cwd: string;
  reports: AgentReport[];
  of<T extends AgentReport['type']>(type: T): ReportOf<T>[];
  /** Resolves with the n-th report of a type (1 is the first), whenever it comes. */
  nth<T extends AgentReport['type']>(type: T, n?: number): Promise<ReportOf<T>>;
  /** Resolves when a report fits. */
  until(fits: (report: AgentReport) => boolean): Promise<AgentReport>;
  /** Sends a prompt and waits for the end of its turn. */
  run(input: string | InputPart[]): Promise<ReportOf<'turn.ended'>>;
  send(input: string | InputPart[]): Promise<TurnId>;
  read(file: string): Promise<string>;
}

export interface Place {
  root: string;
  home: string;
  cwd: string;
  remove(): Promise<void>;
}

export async function createPlace(): Promise<Place> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'codex-test-')));
  const home = join(root, 'home');
  const cwd = join(root, 'project');
  await Promise.all([mkdir(home), mkdir(cwd)]);
  return { root, home, cwd, remove: () => rm(root, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Only what the agent needs: nothing of this machine's home, no traffic but to the scripted model. */
export function toTestEnvironment(place: Place, rehearsal: Pick<Rehearsal, 'url' | 'apiKey'>): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: place.home,
    LANG: 'C.UTF-8',
    OPENAI_API_KEY: rehearsal.apiKey,
    OPENAI_BASE_URL: `${rehearsal.url}/v1`,
  };
}

export function createBackend(place: Place, rehearsal: Rehearsal, more: Partial<CodexBackendOptions> = {}): Backend {
  return createCodexBackend({
    executable: EXECUTABLE,
    env: toTestEnvironment(place, rehearsal),
    dataDir: join(place.root, 'data'),
    serverMarker: `test-${process.pid}`,
    ...more,
  });
}

export function openCodex(backend: Backend, place: Pick<Place, 'cwd'>, open: Partial<OpenOptions> = {}): OpenCodex {
  const reports: AgentReport[] = [];
  const watchers = new Set<() => void>();
  const session = backend.open({
    sessionId: sessionIdSchema.parse(createId('session')),
    cwd: place.cwd,
    env: {},
    async *history() {},
    report(report) {
      reports.push(report);
      for (const look of watchers) look();
    },
    ...open,
  });

  function until(fits: (report: AgentReport) => boolean): Promise<AgentReport> {
    return new Promise((resolve) => {
      const look = () => {
        const found = reports.find(fits);
        if (found === undefined) return;
        watchers.delete(look);
        resolve(found);
      };
      watchers.add(look);
      look();
    });
  }
  const of = <T extends AgentReport['type']>(type: T) =>
    reports.filter((report): report is ReportOf<T> => report.type === type);
  async function nth<T extends AgentReport['type']>(type: T, n = 1): Promise<ReportOf<T>> {
    await until(() => of(type).length >= n);
    const report = of(type)[n - 1];
    if (report === undefined) throw new Error(`No report ${type} number ${n}`);
    return report;
  }
  async function send(input: string | InputPart[]): Promise<TurnId> {
    const turnId = createId('turn');
    await session.prompt({ turnId, input: typeof input === 'string' ? [{ type: 'text', text: input }] : input });
    return turnId;
  }
  async function run(input: string | InputPart[]): Promise<ReportOf<'turn.ended'>> {
    const turnId = await send(input);
    await until((report) => report.type === 'turn.ended' && report.turnId === turnId);
    const ended = of('turn.ended').find((report) => report.turnId === turnId);
    if (ended === undefined) throw new Error('The turn did not end');
    return ended;
  }
  const read = (file: string) => readFile(join(place.cwd, file), 'utf8');
  return { session, cwd: place.cwd, reports, of, nth, until, run, send, read };
}
