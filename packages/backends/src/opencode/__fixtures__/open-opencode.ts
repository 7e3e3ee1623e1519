import { mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentReport, AgentSession, Backend, OpenOptions } from '@baton/core';
import { type InputPart, type TurnId, createId, sessionIdSchema } from '@baton/protocol';
import type { Rehearsal } from '@baton/rehearsal';
import { type OpencodeBackendOptions, createOpencodeBackend } from '../index.ts';

const PROGRAM = 'opencode';
export const EXECUTABLE = fileURLToPath(
  new URL(`../../../../../test-agents/node_modules/.bin/${PROGRAM}`, import.meta.url),
);

type ReportOf<T extends AgentReport['type']> = Extract<AgentReport, { type: T }>;

/** A home and folders of their own for the sessions of a test file. */
export interface Place {
  home: string;
  folder(name: string): Promise<string>;
  remove(): Promise<void>;
}

export async function createPlace(): Promise<Place> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'opencode-test-')));
  const home = join(root, 'home');
  await mkdir(home);
  return {
    home,
    async folder(name) {
      const path = join(root, name);
      await mkdir(path, { recursive: true });
      return path;
    },
    remove: () => rm(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** OpenCode's configuration for a scripted model that asks before it edits or runs anything. */
export function toTestConfig(baseURL: string): string {
  const model = {
    name: 'Rehearsal',
    tool_call: true,
    reasoning: true,
    attachment: true,
    modalities: { input: ['text', 'image'], output: ['text'] },
    limit: { context: 128_000, output: 8000 },
    cost: { input: 1, output: 2 },
  };
  return JSON.stringify({
    share: 'disabled',
    autoupdate: false,
    model: 'rehearsal/scripted',
    small_model: 'rehearsal/scripted',
    enabled_providers: ['rehearsal'],
    provider: {
      rehearsal: {
        npm: '@ai-sdk/openai-compatible',
        name: 'Rehearsal',
        options: { baseURL, apiKey: 'rehearsal' },
        models: { scripted: model },
      },
    },
    permission: { edit: 'ask', bash: 'ask', webfetch: 'ask' },
  });
}

/** Only what the agent needs: nothing of this machine's home, no traffic but to the scripted model. */
export function toTestEnvironment(home: string, baseURL: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    LANG: 'C.UTF-8',
    OPENCODE_CONFIG_CONTENT: toTestConfig(baseURL),
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
    OPENCODE_DISABLE_CLAUDE_CODE: '1',
  };
}

export function createTestBackend(
  place: Place,
  rehearsal: Rehearsal,
  options: Partial<OpencodeBackendOptions> = {},
): Backend {
  return createOpencodeBackend({
    executable: EXECUTABLE,
    env: toTestEnvironment(place.home, `${rehearsal.url}/v1`),
    serverMarker: `test-${process.pid}`,
    ...options,
  });
}

/** A session with a real OpenCode on a scripted model. */
export interface OpenOpencode {
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

export function openOpencode(backend: Backend, cwd: string, options: Partial<OpenOptions> = {}): OpenOpencode {
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
    ...options,
  });

  function until(fits: (report: AgentReport) => boolean): Promise<AgentReport> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = reports.find(fits);
        const exit = reports.find((report) => report.type === 'agent.exited');
        if (found === undefined && exit === undefined) return;
        watchers.delete(look);
        if (found === undefined) reject(new Error(`The agent has ended: ${JSON.stringify(exit)}`));
        else resolve(found);
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
  const read = (file: string) => readFile(join(cwd, file), 'utf8');
  return { session, cwd, reports, of, nth, until, run, send, read };
}
