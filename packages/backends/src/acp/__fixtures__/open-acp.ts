import { mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentReport, AgentSession, Backend, OpenOptions } from '@baton/core';
import {
  type AcpAgentDefinition,
  acpAgentDefinitionSchema,
  createId,
  type InputPart,
  sessionIdSchema,
  type TurnId,
} from '@baton/protocol';
import { type AcpBackendOptions, createAcpBackend } from '../index.ts';

const ROOT = fileURLToPath(new URL('../../../../../', import.meta.url));

/** A real CLI of `test-agents`. */
export const programOf = (name: string): string => join(ROOT, 'test-agents/node_modules/.bin', name);

/** Where the Node that some CLIs need is found first. */
export const PATH = [join(ROOT, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter);

/** An agent made for a test, which behaves as `how` says. */
export function toFixtureAgent(how: string, more: Partial<AcpAgentDefinition> = {}): AcpAgentDefinition {
  return acpAgentDefinitionSchema.parse({
    id: 'fixture',
    title: 'Fixture agent',
    command: process.execPath,
    args: [fileURLToPath(new URL('./fixture-agent.mjs', import.meta.url)), how],
    ...more,
  });
}

type ReportOf<T extends AgentReport['type']> = Extract<AgentReport, { type: T }>;

export interface Place {
  home: string;
  cwd: string;
  remove(): Promise<void>;
}

export async function createPlace(): Promise<Place> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'acp-test-')));
  const home = join(root, 'home');
  const cwd = join(root, 'project');
  await Promise.all([mkdir(home), mkdir(cwd)]);
  return { home, cwd, remove: () => rm(root, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A session with an agent, in a home and a folder of its own. */
export interface OpenAcp {
  backend: Backend;
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
  /** Answers the n-th approval with its first option of a kind. */
  answer(kind: 'allow-once' | 'allow-always' | 'deny-once', n?: number): Promise<void>;
}

export interface OpenChoice {
  place: Place;
  definition: AcpAgentDefinition;
  open?: Partial<OpenOptions>;
  backend?: Partial<AcpBackendOptions>;
  env?: Record<string, string>;
}

export function openAcp({ place, definition, open = {}, backend: more = {}, env = {} }: OpenChoice): OpenAcp {
  const reports: AgentReport[] = [];
  const watchers = new Set<() => void>();
  const backend = createAcpBackend(definition, {
    // Only what the agent needs: nothing of this machine's home.
    env: { PATH, HOME: place.home, LANG: 'C.UTF-8', TMPDIR: place.home, ...env },
    serverMarker: `test-${process.pid}`,
    ...more,
  });
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
  async function answer(kind: 'allow-once' | 'allow-always' | 'deny-once', n = 1): Promise<void> {
    const { approvalId, options } = await nth('approval.requested', n);
    const option = options.find((each) => each.kind === kind);
    if (option === undefined) throw new Error(`No option ${kind} in ${JSON.stringify(options)}`);
    await session.answerApproval?.({ approvalId, option: option.id });
  }
  const read = (file: string) => readFile(join(place.cwd, file), 'utf8');
  return { backend, session, cwd: place.cwd, reports, of, nth, until, run, send, read, answer };
}
