import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AgentReport, AgentTurnEnd, Backend } from '@baton/core';
import { createId, toAppError, type AgentTest } from '@baton/protocol';
import { withPath } from './agent-home.ts';
import type { RegisteredAgent } from './agent-registry.ts';
import { createRecentLines } from './recent-lines.ts';
import { toRehearsalEnvironment, writeRehearsalSettings } from './rehearsal-environment.ts';

const MOST_MS = 90_000;
/** A program that is silent for as long speaks something else. */
const READY_MS = 30_000;
// What Node says when it gives up is this long, and the reason comes first.
const KEPT_LINES = 20;
const PROMPT = 'Say hello';

/**
 * One turn of the real program against a scripted model on loopback: in a folder, a home and an environment of its own, none
 * of which outlives it. Never rejects, and is over within a bound.
 */
export async function rehearseAgent(agent: RegisteredAgent): Promise<AgentTest> {
  const began = performance.now();
  const place = await mkdtemp(join(tmpdir(), 'baton-rehearsal-'));
  const { startRehearsal } = await import('@baton/rehearsal');
  const rehearsal = await startRehearsal({ scenario: 'simple' });
  const toMs = () => Math.round(performance.now() - began);
  try {
    const [home, cwd] = [join(place, 'home'), join(place, 'work')];
    await Promise.all([mkdir(home), mkdir(cwd)]);
    const { path } = await agent.backend.probe();
    await writeRehearsalSettings(agent.backend.id, { home, url: rehearsal.url });
    const base = path === undefined ? agent.facts.env : withPath(agent.facts.env, dirname(path));
    const env = toRehearsalEnvironment({ from: base, home, url: rehearsal.url, key: rehearsal.apiKey });
    const backend = agent.create({ env, dataDir: join(place, 'data'), readyMs: READY_MS });
    try {
      return { ...(await playTurn(backend, { cwd, env })), ms: toMs() };
    } finally {
      await backend.close?.();
    }
  } catch (cause) {
    return { ok: false, ms: toMs(), failure: { message: toAppError(cause).message, lines: [] } };
  } finally {
    await rehearsal.close();
    await rm(place, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

type Outcome = Omit<AgentTest, 'ms'>;

async function playTurn(
  backend: Backend,
  { cwd, env }: { cwd: string; env: Record<string, string> },
): Promise<Outcome> {
  const lines = createRecentLines(KEPT_LINES);
  const over = Promise.withResolvers<Outcome>();
  const said: string[] = [];
  const fail = (message: string) => over.resolve({ ok: false, failure: { message, lines: lines.since(0) } });
  const late = setTimeout(() => fail(`${backend.title} gave no answer in ${MOST_MS / 1000} s`), MOST_MS);
  const session = backend.open({
    ...{ sessionId: createId('session'), cwd, env },
    history: noHistory,
    report: (report) => hear(report, { lines, said, fail, succeed: over.resolve }),
  });
  const turnId = createId('turn');
  session.prompt({ turnId, input: [{ type: 'text', text: PROMPT }] }).catch((cause) => fail(toAppError(cause).message));
  const outcome = await over.promise;
  clearTimeout(late);
  await session.stop();
  // What a program says as it ends comes after its exit was told.
  if (outcome.failure !== undefined) return { ...outcome, failure: { ...outcome.failure, lines: lines.since(0) } };
  return outcome;
}

async function* noHistory(): AsyncGenerator<never> {}

interface Ears {
  lines: { push(line: string): void };
  said: string[];
  fail(message: string): void;
  succeed(outcome: Outcome): void;
}

function hear(report: AgentReport, ears: Ears): void {
  const { said, fail, succeed } = ears;
  if (report.type === 'turn.ended') {
    const failure = toFailure(report, said);
    if (failure === undefined) succeed({ ok: true, said: said.join('\n').trim().slice(0, 1000) });
    else fail(failure);
  } else if (report.type === 'agent.exited') {
    fail(report.failure?.message ?? `The program ended at once, with ${report.signal ?? `code ${report.code}`}`);
  } else note(report, ears);
}

function note(report: AgentReport, { lines, said }: Ears): void {
  if (report.type === 'agent.output') {
    for (const line of report.text.split('\n')) if (line.trim() !== '') lines.push(line);
  } else if (report.type === 'raw.received') {
    // What an agent says beside its protocol tells why it went wrong.
    lines.push(typeof report.payload === 'string' ? report.payload : JSON.stringify(report.payload));
  } else if (report.type === 'item.ended' && report.item.type === 'agent-message') said.push(report.item.text);
}

function toFailure({ outcome, error }: AgentTurnEnd, said: readonly string[]): string | undefined {
  if (outcome !== 'completed') return error?.message ?? `The turn was ${outcome}`;
  return said.join('').trim() === '' ? 'The turn ended without an answer' : undefined;
}
