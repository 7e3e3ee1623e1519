import type { Failure } from '@baton/protocol';
import { z } from 'zod';
import { type Trouble, type TroubleRule, any, causes, explainTrouble, says, status } from '../agent/trouble.ts';
import type { ForeignError } from './wire.ts';

const RULES: readonly TroubleRule[] = [
  {
    kind: 'backend-not-authenticated',
    matches: any(causes('unauthorized'), status(401, 403), says(/\b401 Unauthorized|not logged in|refresh token/i)),
    what: 'Codex is not signed in, or its key was refused',
    todo: 'Run "codex login" in a terminal, or set OPENAI_API_KEY, and send the prompt again',
  },
  {
    kind: 'quota-exceeded',
    matches: any(causes('usageLimitExceeded', 'sessionBudgetExceeded'), says(/usage limit|quota/i)),
    what: 'The quota of this account is used up',
    todo: 'Wait until it resets, or use another account or key',
  },
  {
    kind: 'rate-limited',
    matches: any(causes('rateLimitExceeded'), status(429), says(/\b429 Too Many/i)),
    what: 'The model provider limits the rate of requests',
    todo: 'Wait a little and send the prompt again',
  },
  {
    kind: 'model-failed',
    matches: any(causes('serverOverloaded', 'flexUnavailable', 'policyCapacityUnavailable'), status(529)),
    what: 'The model provider is overloaded',
    todo: 'Send the prompt again in a moment',
  },
  {
    kind: 'model-failed',
    matches: any(causes('modelNotFound'), status(404), says(/model.{0,40}(not found|does not exist)/i)),
    what: 'This model does not exist, or this account may not use it',
    todo: 'Choose another model and send the prompt again',
  },
  {
    kind: 'model-failed',
    matches: causes('contextWindowExceeded'),
    what: 'The conversation no longer fits the model',
    todo: 'Send /compact, or start a new session',
  },
  {
    kind: 'model-failed',
    matches: says(/max_output_tokens/),
    what: 'The answer grew longer than the model may write',
    todo: 'Ask for it in smaller parts',
  },
  {
    kind: 'model-failed',
    matches: any(causes('cyberPolicy', 'misalignmentPolicyViolation', 'inferenceHookDenied'), says(/content_filter/)),
    what: 'The model refused to go on',
    todo: 'Ask in another way',
  },
  {
    kind: 'model-failed',
    matches: says(
      /connection refused|error sending request|failed to lookup|dns error|tcp connect|waiting for network/i,
    ),
    what: 'The model provider cannot be reached',
    todo: 'Check the network, the proxy and OPENAI_BASE_URL, and send the prompt again',
  },
  {
    kind: 'model-failed',
    matches: causes('sandboxError'),
    what: "Codex's sandbox failed",
    todo: 'Choose another mode, or install bubblewrap, and send the prompt again',
  },
];

const taggedSchema = z.record(z.string(), z.looseObject({ httpStatusCode: z.number().nullish() }).nullish());

export function toTrouble({ message, codexErrorInfo: info, additionalDetails }: ForeignError): Trouble {
  const text = toWords(message, additionalDetails ?? '');
  if (typeof info === 'string') return { cause: info, status: toStatus(text), text };
  const tagged = taggedSchema.safeParse(info);
  const [cause = 'other', detail] = tagged.success ? (Object.entries(tagged.data)[0] ?? []) : [];
  return { cause, status: detail?.httpStatusCode ?? toStatus(text), text };
}

// Some answers are told by their words alone.
const toStatus = (text: string): number | undefined => {
  const code = /\bstatus(?: code)?:? (\d{3})\b/.exec(text)?.[1];
  return code === undefined ? undefined : Number(code);
};

// What a provider says is often a JSON document, of which only the message is for people.
function toWords(message: string, details: string): string {
  const said = /"message"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(message)?.[1];
  const words = said === undefined ? message : said.replace(/\\(.)/g, '$1');
  if (words.startsWith('Reconnecting') && details !== '') return details;
  return details === '' || words.includes(details) ? words : `${words} (${details})`;
}

/** A failure that only time mends, and that Codex waits for. Undefined: it is another. */
export const toLimit = (error: ForeignError): Failure | undefined =>
  toTrouble(error).status === 429 ? toFailure(error) : undefined;

/** What failed, in Codex's words, and what to do. */
export const toFailure = (error: ForeignError | null | undefined): Failure =>
  explainTrouble(toTrouble(error ?? { message: '' }), RULES);
