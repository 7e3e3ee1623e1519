import { type Failure, parseJson } from '@baton/protocol';
import { z } from 'zod';
import { type TroubleRule, any, causes, explainTrouble, says, status } from '../agent/trouble.ts';
import type { NativeError } from './wire.ts';

const RULES: readonly TroubleRule[] = [
  {
    kind: 'backend-not-authenticated',
    matches: any(causes('ProviderAuthError'), status(401, 403), says(/api key is missing|invalid api key/i)),
    what: 'The provider has no key from OpenCode, or refused it',
    todo: 'Run "opencode auth login" in a terminal, or set the key of the provider, and send the prompt again',
  },
  {
    kind: 'quota-exceeded',
    matches: any(status(402), says(/quota|credit balance|billing|usage limit/i)),
    what: 'The quota of this account is used up',
    todo: 'Wait until it resets, or use another account or provider',
  },
  {
    kind: 'rate-limited',
    matches: any(status(429), says(/rate.?limit|too many requests/i)),
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
    matches: any(causes('ContextOverflowError'), says(/context.*(length|window)|prompt is too long/i)),
    what: 'The conversation no longer fits the model',
    todo: 'Send /compact, or start a new session',
  },
  {
    kind: 'model-failed',
    matches: causes('MessageOutputLengthError'),
    what: 'The answer grew longer than the model may write',
    todo: 'Ask for it in smaller parts',
  },
  {
    kind: 'model-failed',
    matches: causes('ContentFilterError'),
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
    matches: any(status(529), says(/overloaded/i)),
    what: 'The model provider is overloaded',
    todo: 'Send the prompt again in a moment',
  },
];

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
export function toFailure({ name, data }: NativeError): Failure {
  const text = data.message ?? '';
  return explainTrouble({ cause: name, status: data.statusCode, text }, RULES, toSaid(text));
}
