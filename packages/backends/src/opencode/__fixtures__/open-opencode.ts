import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Backend, OpenOptions } from '@baton/core';
import type { Rehearsal } from '@baton/rehearsal';
import { createOpencodeConfig } from '@baton/testkit';
import { type OpenSession, openSession } from '../../agent/__fixtures__/open-session.ts';
import { type OpencodeBackendOptions, createOpencodeBackend } from '../index.ts';

const PROGRAM = 'opencode';
export const EXECUTABLE = fileURLToPath(
  new URL(`../../../../../test-agents/node_modules/.bin/${PROGRAM}`, import.meta.url),
);

/** A home and folders of their own for the sessions of a test file. */
export interface Place {
  home: string;
  folder(name: string): Promise<string>;
  remove(): Promise<void>;
}

export async function createPlace(): Promise<Place> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'opencode-test-')));
  const home = join(root, 'home');
  await mkdir(home);
  return {
    home,
    async folder(name) {
      const path = join(root, name);
      await mkdir(path, { recursive: true });
      return path;
    },
    remove: () => rm(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** OpenCode's configuration for a scripted model that asks before it edits or runs anything. */
export function toTestConfig(baseURL: string): string {
  const model = {
    name: 'Rehearsal',
    tool_call: true,
    reasoning: true,
    attachment: true,
    modalities: { input: ['text', 'image'], output: ['text'] },
    limit: { context: 128_000, output: 8000 },
    cost: { input: 1, output: 2 },
  };
  return JSON.stringify({
    share: 'disabled',
    autoupdate: false,
    model: 'rehearsal/scripted',
    small_model: 'rehearsal/scripted',
    enabled_providers: ['rehearsal'],
    provider: {
      rehearsal: {
        npm: '@ai-sdk/openai-compatible',
        name: 'Rehearsal',
        options: { baseURL, apiKey: 'rehearsal' },
        models: { scripted: model },
      },
    },
    permission: { edit: 'ask', bash: 'ask', webfetch: 'ask' },
  });
}

/** Only what the agent needs: nothing of this machine's home, no traffic but to the scripted model. */
export function toTestEnvironment(home: string, baseURL: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    LANG: 'C.UTF-8',
    ...createOpencodeConfig(home),
    OPENCODE_CONFIG_CONTENT: toTestConfig(baseURL),
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
    OPENCODE_DISABLE_CLAUDE_CODE: '1',
  };
}

export function createTestBackend(
  place: Place,
  rehearsal: Rehearsal,
  options: Partial<OpencodeBackendOptions> = {},
): Backend {
  return createOpencodeBackend({
    executable: EXECUTABLE,
    env: toTestEnvironment(place.home, `${rehearsal.url}/v1`),
    serverMarker: `test-${process.pid}`,
    ...options,
  });
}

/** A session with a real OpenCode on a scripted model. */
export function openOpencode(backend: Backend, cwd: string, open: Partial<OpenOptions> = {}): OpenSession {
  return openSession(backend, { cwd, open, failsAtExit: true });
}
