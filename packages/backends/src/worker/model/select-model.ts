import { AppError, type AgentModel } from '@baton/protocol';
import type { ModelClient } from '../wire.ts';
import { createAnthropicClient } from './anthropic.ts';
import { DEFAULT_MODELS, findModel, KNOWN_MODELS, toAgentModel } from './model-list.ts';
import { createOpenaiClient } from './openai.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Scripted models that need no key; handed in by the program that runs Baton. */
export interface RehearsalModels {
  /** The scenarios; the first is the one offered when there is nothing else. Ids are `rehearsal:<scenario>`. */
  models(): readonly AgentModel[];
  /** Starts the scripted server for a scenario, or answers with the one that runs. */
  start(scenario: string): Promise<{ url: string; apiKey: string }>;
}

export const REHEARSAL_PREFIX = 'rehearsal:';
// The scripted server has no window of its own; this is what its usage numbers are measured against.
const REHEARSAL_CONTEXT = 200_000;

export interface Providers {
  anthropic?: { apiKey?: string | undefined; authToken?: string | undefined; baseUrl?: string | undefined };
  openai?: { apiKey: string; baseUrl?: string | undefined };
}

export interface SelectedModel {
  id: string;
  client: ModelClient;
  /** For messages: who answers. */
  provider: string;
  /** Tokens the window holds; undefined when it is not known. */
  context: number | undefined;
}

/** Who can be asked with these variables. What the user set for the session wins over the server's own. */
export function toProviders(env: Environment): Providers {
  const read = (name: string): string | undefined => (env[name]?.trim() === '' ? undefined : env[name]?.trim());
  const apiKey = read('ANTHROPIC_API_KEY');
  const authToken = read('ANTHROPIC_AUTH_TOKEN');
  const openaiKey = read('OPENAI_API_KEY');
  const openaiUrl = read('OPENAI_BASE_URL');
  return {
    ...(apiKey === undefined && authToken === undefined
      ? {}
      : { anthropic: { apiKey, authToken, baseUrl: read('ANTHROPIC_BASE_URL') } }),
    // Servers on one's own machine want an address and no key.
    ...(openaiKey === undefined && openaiUrl === undefined
      ? {}
      : { openai: { apiKey: openaiKey ?? 'none', baseUrl: openaiUrl } }),
  };
}

/** The models one can pick, the provider's first, rehearsals last. */
export function toModels(env: Environment, rehearsal: RehearsalModels | undefined): AgentModel[] {
  const providers = toProviders(env);
  const named = [
    ...(providers.anthropic === undefined ? [] : [env['ANTHROPIC_MODEL']]),
    ...(providers.openai === undefined ? [] : [env['OPENAI_MODEL']]),
  ].filter((id) => id !== undefined && id !== '' && findModel(id) === undefined);
  const known = KNOWN_MODELS.filter(({ provider }) => {
    // Behind an address of one's own are models of one's own.
    return provider === 'openai'
      ? providers.openai !== undefined && providers.openai.baseUrl === undefined
      : providers.anthropic !== undefined;
  });
  return [
    ...named.map((id) => ({ id: String(id), title: String(id) })),
    ...known.map(toAgentModel),
    ...(rehearsal?.models() ?? []),
  ];
}

/** The model a session runs on when nobody chose one; undefined when there is none at all. */
export function toDefaultModel(env: Environment, rehearsal: RehearsalModels | undefined): string | undefined {
  const providers = toProviders(env);
  if (providers.anthropic !== undefined) return env['ANTHROPIC_MODEL'] || DEFAULT_MODELS.anthropic;
  if (providers.openai !== undefined) return env['OPENAI_MODEL'] || DEFAULT_MODELS.openai;
  return rehearsal?.models()[0]?.id;
}

export interface Selection {
  /** The server's variables under the session's. */
  env: Environment;
  model: string | undefined;
  rehearsal: RehearsalModels | undefined;
}

/** Who answers for a model id. Rejects with `backend-not-authenticated` when nobody can. */
export async function selectModel({ env, model, rehearsal }: Selection): Promise<SelectedModel> {
  const id = model ?? toDefaultModel(env, rehearsal);
  if (id === undefined)
    throw new AppError('backend-not-authenticated', `Cannot ask a model: no key is set. ${KEY_ADVICE}`);
  if (id.startsWith(REHEARSAL_PREFIX)) return selectRehearsal(id, rehearsal);
  const { anthropic, openai } = toProviders(env);
  const wantsOpenai = findModel(id)?.provider === 'openai' || !id.startsWith('claude');
  const context = toContext(env) ?? findModel(id)?.context;
  if (openai !== undefined && (wantsOpenai || anthropic === undefined)) {
    return { id, client: createOpenaiClient(openai), provider: toHost(openai.baseUrl, 'OpenAI'), context };
  }
  if (anthropic !== undefined)
    return { id, client: createAnthropicClient(anthropic), provider: toHost(anthropic.baseUrl, 'Anthropic'), context };
  throw new AppError(
    'backend-not-authenticated',
    `Cannot ask the model "${id}": no key is set for its provider. ${KEY_ADVICE}`,
  );
}

const KEY_ADVICE = 'Set ANTHROPIC_API_KEY or OPENAI_API_KEY for the server or for this session.';

async function selectRehearsal(id: string, rehearsal: RehearsalModels | undefined): Promise<SelectedModel> {
  const scenario = id.slice(REHEARSAL_PREFIX.length);
  if (rehearsal === undefined)
    throw new AppError('backend-not-installed', `Cannot play "${scenario}": this server has no rehearsals`);
  const { url, apiKey } = await rehearsal.start(scenario);
  const client = createAnthropicClient({ apiKey, baseUrl: url });
  return { id, client, provider: 'The rehearsal', context: REHEARSAL_CONTEXT };
}

function toContext(env: Environment): number | undefined {
  const tokens = Number(env['BATON_WORKER_CONTEXT'] ?? Number.NaN);
  return Number.isInteger(tokens) && tokens > 0 ? tokens : undefined;
}

function toHost(baseUrl: string | undefined, known: string): string {
  return baseUrl === undefined || !URL.canParse(baseUrl) ? known : new URL(baseUrl).host;
}
