import { type AgentModel, AppError } from '@baton/protocol';

/** US dollars for a million tokens. */
export interface Price {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
}

export interface KnownModel {
  id: string;
  title: string;
  description: string;
  provider: 'anthropic' | 'openai';
  /** Tokens the window holds. */
  context: number;
  maxOutput: number;
  /** Whether it takes `thinking: adaptive`. */
  thinks: boolean;
  /** How hard it can be asked to think, least first. */
  efforts: readonly string[];
  /** Absent where the price is not one number (tiers) or was not found in the provider's own list. */
  price?: Price;
}

const ANTHROPIC_EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'] as const;
const OPENAI_EFFORTS = ['none', 'low', 'medium', 'high', 'xhigh'] as const;

/**
 * Models the worker knows by name. Any other id works too, without a price and without a known window.
 * Prices and windows: the provider's public model pages, read in November 2026.
 */
export const KNOWN_MODELS: readonly KnownModel[] = [
  {
    id: 'claude-opus-5-5',
    title: 'Claude Opus 5.5',
    description: 'For long and hard work',
    provider: 'anthropic',
    context: 1_000_000,
    maxOutput: 64_000,
    thinks: true,
    efforts: ANTHROPIC_EFFORTS,
    price: { input: 4, output: 20, cacheRead: 0.2, cacheWrite: 5 },
  },
  {
    id: 'claude-sonnet-5-5',
    title: 'Claude Sonnet 5.5',
    description: 'Fast and able, for most work',
    provider: 'anthropic',
    context: 1_000_000,
    maxOutput: 64_000,
    thinks: true,
    efforts: ANTHROPIC_EFFORTS,
    price: { input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5 },
  },
  {
    id: 'claude-haiku-5-5',
    title: 'Claude Haiku 5.5',
    description: 'For quick and small work',
    provider: 'anthropic',
    context: 1_000_000,
    maxOutput: 64_000,
    thinks: true,
    efforts: ANTHROPIC_EFFORTS,
  },
  {
    id: 'claude-opus-5',
    title: 'Claude Opus 5',
    description: 'The Opus before',
    provider: 'anthropic',
    context: 1_000_000,
    maxOutput: 64_000,
    thinks: true,
    efforts: ANTHROPIC_EFFORTS,
    price: { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
  },
  {
    id: 'gpt-5.5',
    title: 'GPT-5.5',
    description: 'OpenAI',
    provider: 'openai',
    context: 1_050_000,
    maxOutput: 128_000,
    thinks: false,
    efforts: OPENAI_EFFORTS,
  },
];

export const DEFAULT_MODELS = { anthropic: 'claude-sonnet-5-5', openai: 'gpt-5.5' } as const;

export function findModel(id: string): KnownModel | undefined {
  return KNOWN_MODELS.find((model) => model.id === id);
}

/** Of a model that is not known nothing is known: it gets no word about effort. */
export function toEfforts(id: string): readonly string[] {
  return findModel(id)?.efforts ?? [];
}

/** Throws `invalid-input` for an effort that the model does not have. */
export function checkEffort(effort: string, model: string): void {
  const known = toEfforts(model);
  if (known.includes(effort)) return;
  const has = known.length === 0 ? 'it has no such choice' : `it has ${known.join(', ')}`;
  throw new AppError('invalid-input', `Cannot use effort "${effort}" with the model "${model}": ${has}`);
}

export function toAgentModel({ id, title, description, efforts }: KnownModel): AgentModel {
  return { id, title, description, efforts: [...efforts] };
}
