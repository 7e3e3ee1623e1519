import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Backend, OpenOptions } from '@baton/core';
import {
  type AcpAgentDefinition,
  type RecordedEvent,
  acpAgentDefinitionSchema,
  createId,
  sessionIdSchema,
} from '@baton/protocol';
import { type OpenSession, openSession } from '../../agent/__fixtures__/open-session.ts';
import { type AcpBackendOptions, createAcpBackend } from '../index.ts';

const ROOT = fileURLToPath(new URL('../../../../../', import.meta.url));

/** A real CLI of `test-agents`. */
export const programOf = (name: string): string => join(ROOT, 'test-agents/node_modules/.bin', name);

/** Where the Node that some CLIs need is found first. */
export const PATH = [join(ROOT, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter);

const COMPILE_CACHE = join(ROOT, 'node_modules', '.cache', 'compile');

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
export interface OpenAcp extends OpenSession {
  backend: Backend;
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
  const backend = createAcpBackend(definition, {
    // Only what the agent needs: nothing of this machine's home.
    env: { PATH, HOME: place.home, LANG: 'C.UTF-8', TMPDIR: place.home, NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
    serverMarker: `test-${process.pid}`,
    ...more,
  });
  const opened = openSession(backend, { cwd: place.cwd, open });
  async function answer(kind: 'allow-once' | 'allow-always' | 'deny-once', n = 1): Promise<void> {
    const { approvalId, options } = await opened.nth('approval.requested', n);
    const option = options.find((each) => each.kind === kind);
    if (option === undefined) throw new Error(`No option ${kind} in ${JSON.stringify(options)}`);
    await opened.session.answerApproval?.({ approvalId, option: option.id });
  }
  return { ...opened, backend, answer };
}

/** The log of a session whose agent died in the middle of its first turn: what it had done by then, and the turn as failed. */
export async function* toCutHistory(agent: OpenSession): AsyncGenerator<RecordedEvent> {
  const turnId = createId('turn');
  const failed = { type: 'turn.ended', turnId, outcome: 'failed', durationMs: 1 } as const;
  const at = '2026-01-02T03:04:05.000Z';
  const sessionId = sessionIdSchema.parse(createId('session'));
  for (const [index, event] of [...agent.of('item.ended'), failed].entries())
    yield { sessionId, seq: index + 1, at, event };
}
