import type { Backend } from '@baton/core';
import type { BackendView, Capability } from '@baton/protocol';
import { MODES } from './approve.ts';
import { type LoopOptions, WorkerSession } from './loop.ts';
import { toDefaultModel, toModels, toProviders } from './model/select-model.ts';

export type WorkerOptions = LoopOptions;

const CAPABILITIES: Capability[] = [
  'approvals',
  'questions',
  'images',
  'interrupt',
  'resume',
  'fork',
  'rewind',
  'steer',
  'live-model',
  'live-mode',
  'live-effort',
  'commands',
  'reasoning',
];

/**
 * Baton's own agent: a loop over a model API, inside the server, with no program to install.
 *
 * Keys come from the session's environment, then from the server's. Without any it plays a rehearsal, if one was handed in.
 */
export function createWorkerBackend(options: WorkerOptions): Backend {
  return {
    id: 'worker',
    title: 'Baton worker',
    probe: async (env) => probe(options, env),
    open: (open) => new WorkerSession(open, options),
  };
}

function probe(options: WorkerOptions, sessionEnv: Readonly<Record<string, string>> = {}): BackendView {
  const env = { ...options.env, ...sessionEnv };
  const { anthropic, openai } = toProviders(env);
  const hasKey = anthropic !== undefined || openai !== undefined;
  const canRun = toDefaultModel(env, options.rehearsal) !== undefined;
  return {
    id: 'worker',
    title: 'Baton worker',
    installed: true,
    version: options.version,
    authenticated: hasKey ? 'yes' : 'no',
    capabilities: CAPABILITIES,
    models: toModels(env, options.rehearsal),
    modes: [...MODES],
    ...(canRun
      ? {}
      : {
          problem:
            'No model to talk to: set ANTHROPIC_API_KEY or OPENAI_API_KEY (and OPENAI_BASE_URL for a server of your own).',
        }),
    ...(hasKey || !canRun ? {} : { rehearsal: true }),
  };
}
