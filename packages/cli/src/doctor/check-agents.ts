import type { BackendView } from '@baton/protocol';
import { createApi } from '@baton/client';
import { lookAtAgents, type AgentsFound, type Settings } from '@baton/server';
import type { ServerAddress } from '../server/find-server.ts';
import { advice, bad, good, type Finding } from './finding.ts';

/** Each agent: found, which version, signed in, and every fault with its mend. At least one must be able to work. */
export function checkAgents({ items, problem }: AgentsFound): Finding[] {
  const findings = items.flatMap(toFindings);
  const at = { id: 'agents', title: 'Agents' };
  const file = problem === undefined ? [] : [bad({ id: 'agents-file', title: 'Agents' }, problem, 'Mend the file')];
  if (items.some(canWork)) return [...file, ...findings];
  const mend = 'Install Claude Code: npm install -g @anthropic-ai/claude-code, then run "claude" once';
  return [...file, ...findings, bad(at, 'none has a model to work with', mend)];
}

function canWork({ installed, authenticated, problem }: BackendView): boolean {
  return installed && authenticated !== 'no' && problem === undefined;
}

function toFindings({ id, title, kind, installed, faults = [], ...view }: BackendView): Finding[] {
  // Agents that Baton only knows by name are many, and nobody misses them.
  if (!installed && kind === 'preset') return [];
  const at = { id: `agent:${id}`, title };
  if (view.rehearsal === true) {
    const mend = 'Set ANTHROPIC_API_KEY or OPENAI_API_KEY where the server starts, for a real model';
    return [advice(at, 'plays a rehearsal: no model is set up', mend), ...toRest(at, faults, 'not-signed-in')];
  }
  // Where that is what is wrong, the fault says so.
  const signIn = installed && view.authenticated !== 'no' ? toSignIn(view.authenticated) : undefined;
  const found = [view.version, view.path, signIn];
  const detail = found.filter((part) => part !== undefined).join(', ');
  const [first, ...rest] = faults;
  if (first !== undefined) {
    const what = [detail, first.what].filter((part) => part !== '').join('; ');
    return [advice(at, what, first.mend), ...toRest(at, rest)];
  }
  if (!installed || view.problem !== undefined)
    return [advice(at, detail || 'not installed', view.problem ?? 'Install it')];
  return [good(at.id, at.title, detail)];
}

function toRest(
  at: { id: string; title: string },
  faults: NonNullable<BackendView['faults']>,
  without?: string,
): Finding[] {
  const told = faults.filter(({ kind }) => kind !== without);
  return told.map(({ kind, what, mend }) => advice({ ...at, id: `${at.id}:${kind}` }, what, mend));
}

function toSignIn(authenticated: 'yes' | 'unknown'): string {
  return authenticated === 'yes' ? 'signed in' : 'sign-in not known';
}

/** What the running server says of its agents; without one, what a server would find. */
export async function readAgents(running: ServerAddress | undefined, settings: Settings): Promise<AgentsFound> {
  if (running === undefined) return lookAtAgents(settings);
  const api = createApi(running);
  const [{ items }, { problem }] = await Promise.all([
    api.call('listBackends', { query: { refresh: 'true' } }),
    api.call('listAgents'),
  ]);
  return { items, ...(problem === undefined ? {} : { problem }) };
}
