import type { Clock, Engine, LiveAgent } from '@baton/core';
import type { Failure, SessionId } from '@baton/protocol';
import { endTree, type FamilyUsage, readHeldBytes } from '@baton/runner';
import type { Log } from '../log/log.ts';
import type { AgentMeter } from '../status/agent-meter.ts';
import { describeUse } from './describe-use.ts';
import {
  judgeUse,
  toMemoryMark,
  unwatched,
  type Use,
  type UseLimits,
  type Verdict,
  type Watched,
} from './judge-use.ts';

/** From one look to the next, while agents live. */
export const WATCH_MS = 2000;

export interface AgentWatchParts {
  engine: Engine;
  meter: AgentMeter;
  clock: Clock;
  limits: UseLimits;
  log: Log;
  /** See `toServerMarker` of the runner. */
  serverMarker: string;
}

/**
 * Looks at what agents take with all their processes, as long as any lives, and at no other time. One that takes much has its
 * sessions told, one that takes more than it may is ended. Looks from the start on, until `close`.
 */
export function createAgentWatch(parts: AgentWatchParts): { close(): void } {
  const { engine, clock, log } = parts;
  let watched = new Map<string, Watched>();
  let cancel: (() => void) | undefined;
  let isClosed = false;

  async function look(): Promise<void> {
    const agents = new Map<string, LiveAgent>(engine.listAgents().map((agent) => [agent.sessionId, agent]));
    const families = agents.size === 0 ? [] : await parts.meter.read();
    const seen = new Map<string, Watched>();
    for (const family of families) {
      const mine = family.sessions.flatMap((session) => agents.get(session) ?? []);
      if (mine.length === 0) continue;
      const key = family.sessions.join(' ');
      const use = await toUse(family, mine, parts);
      const judgement = judgeUse(watched.get(key) ?? unwatched, use, parts.limits);
      seen.set(key, judgement.watched);
      for (const verdict of judgement.verdicts) carryOut(verdict, { family, agents: mine }, parts);
    }
    watched = seen;
  }

  // The next look is a while after the end of this one, however long it took. Without agents there is none.
  function walk(): void {
    void look()
      .catch((cause: unknown) => log.warn({ err: cause }, 'Could not measure the agents'))
      .finally(() => {
        cancel = undefined;
        if (!isClosed && engine.listAgents().length > 0) start();
      });
  }

  function start(): void {
    if (!isClosed) cancel ??= clock.after(WATCH_MS, walk);
  }

  const deafen = engine.onRecorded(start);
  start();
  return {
    close() {
      isClosed = true;
      deafen();
      cancel?.();
    },
  };
}

// The sum of what each holds is quick, and never too little; it is looked at closely only where it would be too much.
async function toUse(
  family: FamilyUsage,
  agents: readonly LiveAgent[],
  { clock, limits }: AgentWatchParts,
): Promise<Use> {
  const { rssBytes, cpuMs, members } = family;
  const isMuch = rssBytes > toMemoryMark(limits, agents.length);
  const held = isMuch ? await readHeldBytes(members.map(({ pid }) => pid)) : undefined;
  const silentSince = Math.max(...agents.map((agent) => agent.silentSince));
  return { at: clock.now(), memoryBytes: held ?? rssBytes, cpuMs, silentSince, sessions: agents.length };
}

interface Subject {
  family: FamilyUsage;
  agents: readonly LiveAgent[];
}

function carryOut(verdict: Verdict, subject: Subject, parts: AgentWatchParts): void {
  const { limits, log } = parts;
  const sessions = subject.agents.map(({ sessionId }) => sessionId);
  const text = describeUse(verdict, limits, sessions.length);
  log.warn({ sessions, ...verdict }, verdict.step === 'end' ? 'An agent took too much' : 'An agent takes much');
  if (verdict.step === 'end') return end({ kind: 'agent-exited', message: text }, subject, parts);
  for (const sessionId of sessions) void tell(sessionId, text, parts);
}

// A session that cannot be told now is not told later: what it takes then may be little.
async function tell(sessionId: SessionId, text: string, { engine, log }: AgentWatchParts): Promise<void> {
  const receipt = await engine
    .note(sessionId, { type: 'notice.raised', level: 'warning', text })
    .catch((cause: unknown) => {
      return { ok: false as const, error: cause };
    });
  if (!receipt.ok) log.warn({ sessionId, err: receipt.error }, 'Could not tell a session what its agent takes');
}

function end(failure: Failure, { agents, family }: Subject, { engine, log, serverMarker }: AgentWatchParts): void {
  for (const { sessionId } of agents) engine.failAgent(sessionId, failure);
  // They let go of a process that they share, and leave it running for the next.
  if (family.pool === undefined) return;
  void endTree(family.pool, { server: serverMarker }).catch((cause: unknown) => {
    log.warn({ err: cause }, 'Could not end a process that sessions share');
  });
}
