import { mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentReport, AgentSession, Backend, OpenOptions } from '@baton/core';
import { type InputPart, type TurnId, createId, sessionIdSchema } from '@baton/protocol';
import type { Rehearsal } from '@baton/rehearsal';
import { type ClaudeBackendOptions, createClaudeBackend } from '../index.ts';

export const VERSIONS = [
  { version: '2.1.329', program: 'claude-code' },
  { version: '2.1.197', program: 'claude-code-older' },
] as const;

export function executableOf(program: string): string {
  return fileURLToPath(new URL(`../../../../../test-agents/node_modules/${program}/bin/claude.exe`, import.meta.url));
}

type ReportOf<T extends AgentReport['type']> = Extract<AgentReport, { type: T }>;

/** A session with a real Claude Code on a scripted model, in a home and a folder of its own. */
export interface OpenClaude {
  session: AgentSession;
  cwd: string;
  home: string;
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
  home: string;
  cwd: string;
  remove(): Promise<void>;
}

export async function createPlace(): Promise<Place> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'claude-test-')));
  const home = join(root, 'home');
  const cwd = join(root, 'project');
  await Promise.all([mkdir(home), mkdir(cwd)]);
  return { home, cwd, remove: () => rm(root, { recursive: true, force: true, maxRetries: 5 }) };
}

export interface OpenChoice {
  place: Place;
  program: string;
  rehearsal: Rehearsal;
  open?: Partial<OpenOptions>;
  backend?: Partial<ClaudeBackendOptions>;
  /** Another way to drive the same program. */
  create?(options: ClaudeBackendOptions): Backend;
  env?: Record<string, string>;
}

/** Only what the agent needs: nothing of this machine's home, no traffic but to the scripted model. */
export function toTestEnvironment(place: Place, rehearsal: Rehearsal): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: place.home,
    LANG: 'C.UTF-8',
    ANTHROPIC_API_KEY: rehearsal.apiKey,
    ANTHROPIC_BASE_URL: rehearsal.url,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_TELEMETRY: '1',
    DISABLE_ERROR_REPORTING: '1',
    CLAUDE_CODE_TMPDIR: place.home,
  };
}

export function openClaude(choice: OpenChoice): OpenClaude {
  const { place, program, rehearsal, open = {}, backend = {}, env = {}, create = createClaudeBackend } = choice;
  const reports: AgentReport[] = [];
  const watchers = new Set<() => void>();
  const claude = create({
    executable: executableOf(program),
    env: { ...toTestEnvironment(place, rehearsal), ...env },
    serverMarker: `test-${process.pid}`,
    ...backend,
  });
  const session = claude.open({
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
  return { session, cwd: place.cwd, home: place.home, reports, of, nth, until, run, send, read };
}
