import { type ErrorKind, type Failure, parseJson } from '@baton/protocol';
import { z } from 'zod';
import type { NativeError } from './wire.ts';

interface Rule {
  kind: ErrorKind;
  matches(error: NativeError, text: string): boolean;
  what: string;
  todo: string;
}

const named =
  (...names: string[]) =>
  (error: NativeError) =>
    names.includes(error.name);
const says = (pattern: RegExp) => (_: NativeError, text: string) => pattern.test(text);
const status =
  (...codes: number[]) =>
  (error: NativeError) =>
    codes.includes(error.data.statusCode ?? 0);

// The first that matches.
const RULES: readonly Rule[] = [
  {
    kind: 'backend-not-authenticated',
    matches: (error, text) =>
      named('ProviderAuthError')(error) ||
      status(401, 403)(error) ||
      says(/api key is missing|invalid api key/i)(error, text),
    what: 'The provider has no key from OpenCode, or refused it',
    todo: 'Run "opencode auth login" in a terminal, or set the key of the provider, and send the prompt again',
  },
  {
    kind: 'quota-exceeded',
    matches: (error, text) => status(402)(error) || says(/quota|credit balance|billing|usage limit/i)(error, text),
    what: 'The quota of this account is used up',
    todo: 'Wait until it resets, or use another account or provider',
  },
  {
    kind: 'rate-limited',
    matches: (error, text) => status(429)(error) || says(/rate.?limit|too many requests/i)(error, text),
    what: 'The model provider limits the rate of requests',
    todo: 'Wait a little and send the prompt again',
  },
  {
    kind: 'model-failed',
    matches: says(/model not found/i),
    what: 'This model does not exist for OpenCode',
    todo: 'Choose another model, or sign in to its provider with "opencode auth login"',
  },
  {
    kind: 'invalid-input',
    matches: says(/agent not found/i),
    what: 'OpenCode has no such agent',
    todo: 'Choose another mode',
  },
  {
    kind: 'invalid-input',
    matches: says(/command not found/i),
    what: 'OpenCode has no such command',
    todo: 'Look at the list of commands',
  },
  {
    kind: 'model-failed',
    matches: (error, text) =>
      named('ContextOverflowError')(error) || says(/context.*(length|window)|prompt is too long/i)(error, text),
    what: 'The conversation no longer fits the model',
    todo: 'Send /compact, or start a new session',
  },
  {
    kind: 'model-failed',
    matches: named('MessageOutputLengthError'),
    what: 'The answer grew longer than the model may write',
    todo: 'Ask for it in smaller parts',
  },
  {
    kind: 'model-failed',
    matches: named('ContentFilterError'),
    what: 'The provider held the answer back',
    todo: 'Ask in another way, or choose another model',
  },
  {
    kind: 'model-failed',
    matches: says(/connection refused|unable to connect|cannot connect|econn|enotfound|connection error|fetch failed/i),
    what: 'The model provider cannot be reached',
    todo: 'Check the network, the proxy and the base URL of the provider, and send the prompt again',
  },
  {
    kind: 'model-failed',
    matches: (error, text) => status(529)(error) || says(/overloaded/i)(error, text),
    what: 'The model provider is overloaded',
    todo: 'Send the prompt again in a moment',
  },
];

const OTHERWISE = { kind: 'model-failed', what: 'The model failed', todo: 'Send the prompt again' } as const;

const nestedSchema = z.looseObject({ message: z.string() });

/** What OpenCode says, for people: of a stack the first line, of a provider's JSON the message. */
export function toSaid(text: string): string {
  const parsed = nestedSchema.safeParse(text.startsWith('{') ? toValue(text) : undefined);
  const said = parsed.success ? parsed.data.message : text;
  return (said.split('\n')[0] ?? '')
    .trim()
    .replace(/\s+/g, ' ')
    .slice(0, 500)
    .replace(/[.?!\s]+$/, '');
}

function toValue(text: string): unknown {
  const parsed = parseJson(text);
  return parsed.ok ? parsed.value : undefined;
}

/** What failed, in OpenCode's words, and what to do. */
export function toFailure(error: NativeError): Failure {
  const text = error.data.message ?? '';
  const rule = RULES.find((candidate) => candidate.matches(error, text)) ?? OTHERWISE;
  const said = toSaid(text);
  return {
    kind: rule.kind,
    message: said === '' ? `${rule.what}. ${rule.todo}.` : `${rule.what}: ${said}. ${rule.todo}.`,
  };
}
