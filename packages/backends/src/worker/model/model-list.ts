import type { AgentModel } from '@baton/protocol';

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
  /** Absent where the price is not one number (tiers) or was not found in the provider's own list. */
  price?: Price;
}

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
  },
  {
    id: 'claude-opus-5',
    title: 'Claude Opus 5',
    description: 'The Opus before',
    provider: 'anthropic',
    context: 1_000_000,
    maxOutput: 64_000,
    thinks: true,
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
  },
];

export const DEFAULT_MODELS = { anthropic: 'claude-sonnet-5-5', openai: 'gpt-5.5' } as const;

export function findModel(id: string): KnownModel | undefined {
  return KNOWN_MODELS.find((model) => model.id === id);
}

export function toAgentModel({ id, title, description }: KnownModel): AgentModel {
  return { id, title, description };
}
