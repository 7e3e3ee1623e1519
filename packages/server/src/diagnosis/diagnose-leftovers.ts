import type { Finding, SessionView } from '@baton/protocol';

export interface FoundProcess {
  pid: number;
  session?: string;
}

interface LookedAt {
  states: ReadonlyMap<string, SessionView['state']>;
  isServed: boolean;
  /** No server runs, and a runner does. */
  isHeld: boolean;
}

const WITHOUT_AGENT: readonly (SessionView['state'] | undefined)[] = ['stopped', 'failed', undefined];

/**
 * Processes whose session has no agent, as far as the log knows. Without a server all of them are left over, unless a runner
 * holds them for the next.
 */
export function diagnoseProcesses(processes: readonly FoundProcess[], { states, isServed, isHeld }: LookedAt): Finding {
  const at = { id: 'orphans', title: 'Processes' } as const;
  if (isHeld) {
    const detail = `${processes.length} at work in the runner without a server; the next "baton serve" takes them up`;
    return { ...at, status: 'good', detail };
  }
  const lost = processes.filter(({ session }) =>
    isServed ? session !== undefined && WITHOUT_AGENT.includes(states.get(session)) : true,
  );
  if (lost.length === 0) return { ...at, status: 'good', detail: `${processes.length} of agents, none left over` };
  const pids = lost.map(({ pid }) => pid).join(', ');
  const mend = isServed
    ? `Restart the server, which ends them; or end them yourself: kill ${lost.map(({ pid }) => pid).join(' ')}`
    : 'Start the server: it takes up or ends what an earlier life left';
  return { ...at, status: 'advice', detail: `${lost.length} left over from an earlier life (pid ${pids})`, mend };
}

export function diagnoseCheckpoints(found: { strayRepositories: string[]; lostSessions: string[] }): Finding[] {
  const at = { id: 'checkpoints', title: 'Checkpoints' } as const;
  const findings: Finding[] = [];
  const { strayRepositories, lostSessions } = found;
  if (lostSessions.length > 0) {
    const detail = `${lostSessions.length} sessions that are gone still have checkpoints`;
    findings.push({ ...at, status: 'advice', detail, mend: 'Start the server: it gives them up' });
  }
  if (strayRepositories.length > 0) {
    const detail = `${strayRepositories.length} repositories belong to no session`;
    const quoted = strayRepositories.map((path) => `"${path}"`).join(' ');
    findings.push({ ...at, id: 'checkpoints:stray', status: 'advice', detail, mend: `Remove them: rm -r ${quoted}` });
  }
  return findings.length > 0 ? findings : [{ ...at, status: 'good', detail: 'each belongs to a session' }];
}

export type FoundHistory =
  | { state: 'absent' | 'other-form' }
  | { state: 'broken'; problem: string }
  | { state: 'good'; conversations: number; unreadable: number };

export function diagnoseHistory(found: FoundHistory): Finding {
  const at = { id: 'history', title: 'Search index' } as const;
  switch (found.state) {
    case 'absent':
    case 'other-form':
      return { ...at, status: 'good', detail: 'made anew at the next start' };
    case 'broken': {
      const mend = 'Stop the server and remove history.db from the data folder: it is made anew from the conversations';
      return { ...at, status: 'bad', detail: found.problem, mend };
    }
    case 'good': {
      const detail = `${found.conversations} conversations`;
      if (found.unreadable === 0) return { ...at, status: 'good', detail };
      const mend = "Nothing to do in Baton: the agents' own files are damaged, or in a form that is not known yet";
      return { ...at, status: 'advice', detail: `${detail}, ${found.unreadable} of them cannot be read`, mend };
    }
  }
}
