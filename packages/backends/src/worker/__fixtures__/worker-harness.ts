import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AgentReport, AgentSession, Clock, OpenOptions } from '@baton/core';
import {
  createId,
  type InputPart,
  type Item,
  type RecordedEvent,
  type SessionEvent,
  type ToolCallItem,
} from '@baton/protocol';
import { type Rehearsal, type Scenario, startRehearsal } from '@baton/rehearsal';
import { createWorkerBackend, type WorkerOptions } from '../index.ts';

const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** A worker on a rehearsal, with its log kept as the engine would keep it. */
export interface Harness {
  rehearsal: Rehearsal;
  cwd: string;
  session: AgentSession;
  /** What was reported, deltas too. */
  reports: AgentReport[];
  /** The log: what was reported and what the engine adds. */
  log: RecordedEvent[];
  /** Starts a turn and resolves when it has ended. */
  turn(input: string | InputPart[]): Promise<TurnEnd>;
  /** Starts a turn and does not wait. */
  begin(input: string | InputPart[]): Promise<TurnEnd>;
  /** Adds to the running turn, as the engine does: into the log first. */
  steer(input: string | InputPart[]): Promise<void>;
  /** Resolves with the first report from now on, or already there and not yet taken, that fits. */
  next<T extends AgentReport['type']>(
    type: T,
    fits?: (report: Extract<AgentReport, { type: T }>) => boolean,
  ): Promise<Extract<AgentReport, { type: T }>>;
  /** Answers an approval, as the engine does: into the log first. */
  answer(approvalId: string, option: string, more?: { note?: string; input?: Record<string, unknown> }): Promise<void>;
  items(): Item[];
  tools(): ToolCallItem[];
  texts(): string[];
  /** Stops the session and opens it again on the same log. */
  reopen(change?: Partial<OpenOptions>): Promise<void>;
  close(): Promise<void>;
}

type TurnEnd = Extract<AgentReport, { type: 'turn.ended' }>;

export interface HarnessOptions {
  scenario: Scenario | string;
  mode?: string;
  model?: string;
  effort?: string;
  provider?: 'anthropic' | 'openai';
  env?: Record<string, string>;
  worker?: Partial<WorkerOptions>;
}

export async function createHarness(options: HarnessOptions): Promise<Harness> {
  const rehearsal = await startRehearsal({ scenario: options.scenario });
  const cwd = realpathSync(mkdtempSync(path.join(tmpdir(), 'baton-worker-')));
  const reports: AgentReport[] = [];
  const log: RecordedEvent[] = [];
  const waiting = new Set<{ at: number; look(): void }>();
  const sessionId = createId('session');

  function record(event: SessionEvent): void {
    log.push({ sessionId, seq: log.length + 1, at: new Date().toISOString(), event });
  }

  function report(given: AgentReport): void {
    reports.push(given);
    if (given.type === 'turn.ended') record({ ...given, durationMs: 1 });
    else if (given.type !== 'item.delta' && given.type !== 'agent.told' && given.type !== 'agent.went-back')
      record(given);
    for (const waiter of waiting) waiter.look();
  }

  const backend = createWorkerBackend({
    env: { PATH: process.env['PATH'], HOME: cwd, ...toKeys(rehearsal, options.provider ?? 'anthropic') },
    clock: systemClock,
    version: '0.0.0-test',
    serverMarker: `test-${process.pid}`,
    ...options.worker,
  });

  const open = (change: Partial<OpenOptions> = {}): AgentSession =>
    backend.open({
      sessionId,
      cwd,
      mode: options.mode,
      model: options.model,
      effort: options.effort,
      env: options.env ?? {},
      history: () => replay(log),
      report,
      ...change,
    });

  const taken = new Set<AgentReport>();
  const harness: Harness = {
    rehearsal,
    cwd,
    session: open(),
    reports,
    log,
    turn: (input) => harness.begin(input),
    async begin(input) {
      const turnId = createId('turn');
      const parts: InputPart[] = typeof input === 'string' ? [{ type: 'text', text: input }] : input;
      record({ type: 'turn.started', turnId, input: parts, by: 'usr_test' });
      await harness.session.prompt({ turnId, input: parts });
      return harness.next('turn.ended', (end) => end.turnId === turnId);
    },
    async steer(input) {
      const parts: InputPart[] = typeof input === 'string' ? [{ type: 'text', text: input }] : input;
      const last = log.findLast(({ event }) => event.type === 'turn.started')?.event;
      const turnId = last?.type === 'turn.started' ? last.turnId : createId('turn');
      record({ type: 'turn.steered', turnId, input: parts, by: 'usr_test' });
      await harness.session.steer?.(parts);
    },
    next(type, fits = () => true) {
      type Wanted = Extract<AgentReport, { type: typeof type }>;
      const find = (): Wanted | undefined =>
        reports.find((given): given is Wanted => given.type === type && !taken.has(given) && fits(given as Wanted));
      return new Promise((resolve) => {
        const waiter = {
          at: 0,
          look() {
            const found = find();
            if (found === undefined) return;
            waiting.delete(waiter);
            taken.add(found);
            resolve(found);
          },
        };
        waiting.add(waiter);
        waiter.look();
      });
    },
    async answer(approvalId, option, more = {}) {
      const id = approvalId as Parameters<NonNullable<AgentSession['answerApproval']>>[0]['approvalId'];
      record({ type: 'approval.answered', approvalId: id, option, by: 'usr_test', via: 'user', ...more });
      await harness.session.answerApproval?.({ approvalId: id, option, ...more });
    },
    items: () => log.flatMap(({ event }) => (event.type === 'item.ended' ? [event.item] : [])),
    tools: () => harness.items().flatMap((item) => (item.type === 'tool-call' ? [item] : [])),
    texts: () => harness.items().flatMap((item) => (item.type === 'agent-message' ? [item.text] : [])),
    async reopen(change) {
      await harness.session.stop();
      harness.session = open(change);
    },
    async close() {
      await harness.session.stop();
      await rehearsal.close();
    },
  };
  return harness;
}

async function* replay(log: readonly RecordedEvent[]): AsyncGenerator<RecordedEvent> {
  yield* [...log];
}

function toKeys(rehearsal: Rehearsal, provider: 'anthropic' | 'openai'): Record<string, string> {
  return provider === 'anthropic'
    ? { ANTHROPIC_API_KEY: rehearsal.apiKey, ANTHROPIC_BASE_URL: rehearsal.url }
    : { OPENAI_API_KEY: rehearsal.apiKey, OPENAI_BASE_URL: `${rehearsal.url}/v1`, OPENAI_MODEL: 'local-model' };
}
