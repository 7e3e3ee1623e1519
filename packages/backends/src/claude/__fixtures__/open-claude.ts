import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Backend, OpenOptions } from '@baton/core';
import type { Rehearsal } from '@baton/rehearsal';
import { type OpenSession, openSession } from '../../agent/__fixtures__/open-session.ts';
import { type ClaudeBackendOptions, createClaudeBackend } from '../index.ts';

export const VERSIONS = [
  { version: '2.1.329', program: 'claude-code' },
  { version: '2.1.197', program: 'claude-code-older' },
] as const;

export function executableOf(program: string): string {
  return fileURLToPath(new URL(`../../../../../test-agents/node_modules/${program}/bin/claude.exe`, import.meta.url));
}

/** A session with a real Claude Code on a scripted model, in a home and a folder of its own. */
export interface OpenClaude extends OpenSession {
  home: string;
}

export interface Place {
  home: string;
  cwd: string;
  remove(): Promise<void>;
}

export async function createPlace(): Promise<Place> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'claude-test-')));
  const home = join(root, 'home');
  const cwd = join(root, 'project');
  await Promise.all([mkdir(home), mkdir(cwd)]);
  return { home, cwd, remove: () => rm(root, { recursive: true, force: true, maxRetries: 5 }) };
}

export interface OpenChoice {
  place: Place;
  program: string;
  rehearsal: Rehearsal;
  open?: Partial<OpenOptions>;
  backend?: Partial<ClaudeBackendOptions>;
  /** Another way to drive the same program. */
  create?(options: ClaudeBackendOptions): Backend;
  env?: Record<string, string>;
}

/** Only what the agent needs: nothing of this machine's home, no traffic but to the scripted model. */
export function toTestEnvironment(place: Place, rehearsal: Rehearsal): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: place.home,
    LANG: 'C.UTF-8',
    ANTHROPIC_API_KEY: rehearsal.apiKey,
    ANTHROPIC_BASE_URL: rehearsal.url,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_TELEMETRY: '1',
    DISABLE_ERROR_REPORTING: '1',
    CLAUDE_CODE_TMPDIR: place.home,
  };
}

export function openClaude(choice: OpenChoice): OpenClaude {
  const { place, program, rehearsal, open = {}, backend = {}, env = {}, create = createClaudeBackend } = choice;
  const claude = create({
    executable: executableOf(program),
    env: { ...toTestEnvironment(place, rehearsal), ...env },
    serverMarker: `test-${process.pid}`,
    ...backend,
  });
  return { ...openSession(claude, { cwd: place.cwd, open }), home: place.home };
}
