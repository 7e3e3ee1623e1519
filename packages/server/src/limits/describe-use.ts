import type { UseLimits, Verdict } from './judge-use.ts';

/** What a session is told: of its agent, by the numbers that led to it. */
export function describeUse(verdict: Verdict, limits: UseLimits, sessions: number): string {
  return verdict.step === 'tell' ? toNotice(verdict, limits, sessions) : toReason(verdict, limits, sessions);
}

type VerdictOf<T extends Verdict['what']> = Extract<Verdict, { what: T }>;

function toNotice(verdict: Verdict, limits: UseLimits, sessions: number): string {
  const who = toSubject(sessions);
  if (verdict.what === 'work') {
    const end = limits.busyMs === 0 ? '' : `, and is ended after ${toMinutes(limits.busyMs)} of it`;
    return `${who} has kept ${toWork(verdict)} without a word${end}. Interrupt or stop the agent if that is not meant`;
  }
  const holds = `${who} holds ${toSize(verdict.bytes)} of memory`;
  if (limits.memoryBytes === 0) {
    return `${holds}, more than half of what this machine has. Nothing is ended for it unless BATON_AGENT_MEMORY_MB says so`;
  }
  return `${holds}; beyond ${toSize(limits.memoryBytes * sessions)} (BATON_AGENT_MEMORY_MB) it is ended`;
}

function toReason(verdict: Verdict, limits: UseLimits, sessions: number): string {
  const who = toSubject(sessions);
  const goOn = 'Send a prompt to go on where it was';
  if (verdict.what === 'work') {
    const most = toMinutes(limits.busyMs);
    return `${who} kept ${toWork(verdict)} without a word, longer than BATON_AGENT_CPU_MINUTES allows (${most}), and was ended. ${goOn}`;
  }
  const allowed = toAllowed(limits, sessions);
  return `${who} used ${toSize(verdict.bytes)} of the ${allowed}, and was ended. ${goOn}, or allow more`;
}

function toAllowed({ memoryBytes }: UseLimits, sessions: number): string {
  const each = toSize(memoryBytes);
  if (sessions === 1) return `${each} that BATON_AGENT_MEMORY_MB allows`;
  return `${toSize(memoryBytes * sessions)} that ${sessions} sessions may use, each ${each} by BATON_AGENT_MEMORY_MB`;
}

function toSubject(sessions: number): string {
  if (sessions === 1) return 'The agent, with all that it started,';
  const others = sessions === 2 ? 'another session' : `${sessions - 1} other sessions`;
  return `The process that this session shares with ${others}, with all that it started,`;
}

function toWork({ cores, ms }: VerdictOf<'work'>): string {
  const busy = cores.toFixed(1);
  return `${busy} ${busy === '1.0' ? 'core' : 'cores'} busy for ${toMinutes(ms)}`;
}

function toMinutes(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
}

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

function toSize(bytes: number): string {
  if (bytes < GIB) return `${Math.round(bytes / MIB)} MB`;
  return `${Number((bytes / GIB).toFixed(1))} GB`;
}
