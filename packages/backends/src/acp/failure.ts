import { type ErrorKind, type Failure, parseJson } from '@baton/protocol';
import { z } from 'zod';
import type { RpcError } from './wire.ts';

interface Rule {
  kind: ErrorKind;
  codes: readonly number[];
  says: RegExp;
  what: string;
  todo: string;
}

// The first that matches. Codes are the protocol's, or the provider's HTTP status where an agent passes that on.
const RULES: readonly Rule[] = [
  {
    kind: 'backend-not-authenticated',
    codes: [-32_000, 401, 403],
    says: /\b(401|403)\b|auth(entication)? (is )?required|unauthori[sz]ed|not (logged|signed) in|api key|invalid x-api-key/i,
    what: 'is not signed in, or its key was refused',
    todo: 'Sign in with the agent in a terminal, or set its key, and send the prompt again',
  },
  {
    kind: 'quota-exceeded',
    codes: [402],
    says: /credit balance|usage limit|quota|billing/i,
    what: 'has used up the quota of its account',
    todo: 'Wait until it resets, or use another account or key',
  },
  {
    kind: 'rate-limited',
    codes: [429],
    says: /\b429\b|rate.?limit|resource_exhausted|too many requests/i,
    what: 'was told that it asks too often',
    todo: 'Wait a little and send the prompt again',
  },
  {
    kind: 'model-failed',
    codes: [404],
    says: /model_not_found|no such model|model .*(not found|does not exist)/i,
    what: 'cannot use this model',
    todo: 'Choose another model and send the prompt again',
  },
  {
    kind: 'model-failed',
    codes: [502, 503, 529],
    says: /overloaded|unavailable|\b(503|529)\b|high demand/i,
    what: 'found the model provider overloaded',
    todo: 'Send the prompt again in a moment',
  },
  {
    kind: 'model-failed',
    codes: [],
    says: /econn|enotfound|fetch failed|connection (error|refused)|unable to connect|socket/i,
    what: 'cannot reach the model provider',
    todo: 'Check the network, the proxy and the address of the provider, and send the prompt again',
  },
  {
    kind: 'agent-exited',
    codes: [-32_002],
    says: /process exited unexpectedly|session not found/i,
    what: 'lost the conversation',
    todo: 'Stop the session and start it again',
  },
];

const OTHERWISE = { kind: 'model-failed', what: 'failed', todo: 'Send the prompt again' } as const;

/** What failed, in the agent's words, and what to do. */
export function toFailure(title: string, error: RpcError): Failure {
  const said = toWords(error);
  const rule =
    RULES.find((each) => each.codes.includes(error.code)) ?? RULES.find((each) => each.says.test(said)) ?? OTHERWISE;
  const why = said === '' ? '' : `: ${said.replace(/[.\s]+$/, '')}`;
  return { kind: rule.kind, message: `${title} ${rule.what}${why}. ${rule.todo}.` };
}

const dataSchema = z.looseObject({
  details: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  errorKind: z.string().optional().catch(undefined),
});
const nestedSchema = z.looseObject({ error: z.looseObject({ message: z.string() }) });

/** The words of an error; some agents put the provider's whole answer there, as JSON in JSON. */
export function toWords({ message, data }: RpcError): string {
  const detail = typeof data === 'string' ? { details: data } : dataSchema.safeParse(data).data;
  const more = [detail?.details, detail?.message].find((text) => text !== undefined && !message.includes(text));
  const whole = [unwrap(message), more === undefined ? '' : unwrap(more), detail?.errorKind ?? '']
    .filter((text) => text !== '' && text !== 'unknown')
    .join(': ');
  return whole.replace(/\s+/g, ' ').trim().slice(0, 500);
}

function unwrap(text: string, depth = 0): string {
  const start = text.indexOf('{');
  const parsed = start < 0 || depth > 3 ? undefined : parseJson(text.slice(start));
  const nested = nestedSchema.safeParse(parsed?.ok === true ? parsed.value : undefined);
  return nested.success ? unwrap(nested.data.error.message, depth + 1) : text;
}

/** Why a turn that the agent ended in good order is a failure all the same. */
export function toStopFailure(title: string, stopReason: string): Failure | undefined {
  switch (stopReason) {
    case 'refusal':
      return {
        kind: 'model-failed',
        message: `${title} refused to go on. Ask in another way, or start a new session.`,
      };
    case 'max_tokens':
      return {
        kind: 'model-failed',
        message: `${title} came to its model's limit: the answer grew too long, or the conversation no longer fits. Ask for it in smaller parts, or start a new session.`,
      };
    case 'max_turn_requests':
      // Gemini CLI, which has no other limit by itself, says it when it takes what it did for a loop.
      return {
        kind: 'model-failed',
        message: `${title} ended the turn by itself: it had asked the model as often as it may, or saw that it repeated itself. Send a prompt to let it go on.`,
      };
    default:
      return undefined;
  }
}
