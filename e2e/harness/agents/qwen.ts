import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type AgentUnderTest, AGENTS_FOLDER, COMPILE_CACHE, folderWith } from './agent-under-test.ts';
import { LIMITED, NO_EFFORT, NO_FORK } from './reasons.ts';
import { TOLD_LATER } from './told-later.ts';

// It sends images only to models that it knows can see.
const MODELS = ['qwen3-vl-plus', 'qwen3-vl-flash'];

const PROGRAMS = folderWith('qwen');
// It needs a newer Node than the machine may have.
const NODE = join(AGENTS_FOLDER, '..', '..', 'node_modules', '.bin');

const ASKS_ON =
  'It asks a model that cannot be reached seven times, whatever its settings say: the turn fails in words after 90 seconds.';

/** A home with two models, both of which are the script and can see. It asks one that fails once more, and asks nothing beside. */
function createHome(url: string): string {
  const home = mkdtempSync(join(tmpdir(), 'baton-qwen-'));
  const toModel = (id: string) => ({
    ...{ id, name: id, envKey: 'OPENAI_API_KEY', baseUrl: `${url}/v1` },
    generationConfig: { maxRetries: 1, retryInitialDelayMs: 10, retryMaxDelayMs: 20 },
  });
  const settings = {
    security: { auth: { selectedType: 'openai' } },
    modelProviders: { openai: MODELS.map(toModel) },
    model: { name: MODELS[0] },
    memory: { enableManagedAutoMemory: false, enableManagedAutoDream: false },
    tools: { todoWrite: { enabled: true } },
    ui: { enableFollowupSuggestions: false },
  };
  writeFileSync(join(home, 'settings.json'), JSON.stringify(settings));
  return home;
}

export const QWEN: AgentUnderTest = {
  name: 'Qwen Code 0.24.4',
  backend: 'qwen',
  serverEnv: { PATH: `${PROGRAMS}:${NODE}:${process.env['PATH'] ?? ''}` },
  program: { name: 'qwen', env: (path) => ({ PATH: `${dirname(path)}:${NODE}` }) },
  programs: [join(PROGRAMS, 'qwen')],
  sessionEnv: ({ url, apiKey }) => ({
    OPENAI_API_KEY: apiKey,
    QWEN_HOME: createHome(url),
    NODE_COMPILE_CACHE: COMPILE_CACHE,
  }),
  change: { model: 'qwen3-vl-flash(openai)', mode: 'plan' },
  changedModel: 'qwen3-vl-flash',
  asksTogether: false,
  scenarios: { 'deny-note': TOLD_LATER },
  lacks: {
    steer: 'It asks for a message in the middle of a turn in a private request of one editor, between two calls only.',
    fork: NO_FORK,
    'fork-earlier': NO_FORK,
    rewind: NO_FORK,
    effort: NO_EFFORT,
    'error-429': LIMITED,
    refused: ASKS_ON,
  },
};
