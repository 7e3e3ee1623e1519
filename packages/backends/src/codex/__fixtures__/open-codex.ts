import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Backend, OpenOptions } from '@baton/core';
import type { Rehearsal } from '@baton/rehearsal';
import { type OpenSession, openSession } from '../../agent/__fixtures__/open-session.ts';
import { type CodexBackendOptions, createCodexBackend } from '../index.ts';

export const VERSION = '0.169.0';

export const EXECUTABLE = fileURLToPath(new URL('../../../../../test-agents/node_modules/.bin/codex', import.meta.url));

export interface Place {
  root: string;
  home: string;
  cwd: string;
  remove(): Promise<void>;
}

export async function createPlace(): Promise<Place> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'codex-test-')));
  const home = join(root, 'home');
  const cwd = join(root, 'project');
  await Promise.all([mkdir(home), mkdir(cwd)]);
  return { root, home, cwd, remove: () => rm(root, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Only what the agent needs: nothing of this machine's home, no traffic but to the scripted model. */
export function toTestEnvironment(place: Place, rehearsal: Pick<Rehearsal, 'url' | 'apiKey'>): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: place.home,
    LANG: 'C.UTF-8',
    OPENAI_API_KEY: rehearsal.apiKey,
    OPENAI_BASE_URL: `${rehearsal.url}/v1`,
  };
}

export function createBackend(place: Place, rehearsal: Rehearsal, more: Partial<CodexBackendOptions> = {}): Backend {
  return createCodexBackend({
    executable: EXECUTABLE,
    env: toTestEnvironment(place, rehearsal),
    dataDir: join(place.root, 'data'),
    serverMarker: `test-${process.pid}`,
    ...more,
  });
}

/** A session with a real Codex on a scripted model, in a home and a folder of its own. */
export function openCodex(backend: Backend, { cwd }: Pick<Place, 'cwd'>, open: Partial<OpenOptions> = {}): OpenSession {
  return openSession(backend, { cwd, open });
}
