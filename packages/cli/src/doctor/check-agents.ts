import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BackendView } from '@baton/protocol';
import { createApi } from '@baton/client';
import { startServer, type Settings } from '@baton/server';
import type { ServerAddress } from '../server/find-server.ts';
import { advice, bad, good, type Finding } from './finding.ts';

/** Each agent: found, which version, signed in. At least one must be able to work. */
export function checkAgents(backends: readonly BackendView[]): Finding[] {
  const findings = backends.map(toFinding);
  const canWork = backends.some(
    ({ installed, authenticated, problem }) => installed && authenticated !== 'no' && !problem,
  );
  if (canWork) return findings;
  const at = { id: 'agents', title: 'Agents' };
  return [
    ...findings,
    bad(
      at,
      'none has a model to work with',
      'Install Claude Code: npm install -g @anthropic-ai/claude-code, then run "claude" once',
    ),
  ];
}

function toFinding({ id, title, installed, version, path, authenticated, problem, rehearsal }: BackendView): Finding {
  const at = { id: `agent:${id}`, title };
  const found = [version, path, toSignIn(authenticated)].filter((part) => part !== undefined).join(', ');
  if (!installed) return advice(at, 'not installed', problem ?? `Install ${title} to use it`);
  if (rehearsal === true) {
    const mend = 'Set ANTHROPIC_API_KEY or OPENAI_API_KEY where the server starts, for a real model';
    return advice(at, 'plays a rehearsal: no model is set up', mend);
  }
  if (problem !== undefined) return advice(at, found, problem);
  if (authenticated === 'no') return advice(at, found, `Sign in to ${title}`);
  return good(at.id, at.title, found);
}

function toSignIn(authenticated: BackendView['authenticated']): string {
  switch (authenticated) {
    case 'yes':
      return 'signed in';
    case 'no':
      return 'not signed in';
    case 'unknown':
      return 'sign-in not known';
  }
}

/** What the running server says of its agents; without one, what a server started for the question would say. */
export async function readBackends(running: ServerAddress | undefined, settings: Settings): Promise<BackendView[]> {
  if (running !== undefined) return askServer(running);
  const dataDir = await mkdtemp(join(tmpdir(), 'baton-doctor-'));
  try {
    const server = await startServer({ ...settings, dataDir, host: '127.0.0.1', port: 0, logLevel: 'silent' });
    try {
      return await askServer({ url: server.url, key: server.ownerKey });
    } finally {
      await server.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function askServer({ url, key }: ServerAddress): Promise<BackendView[]> {
  const { items } = await createApi({ url, key }).call('listBackends', { query: { refresh: 'true' } });
  return items;
}
