import type { ErrorKind, Failure } from '@baton/protocol';

export interface Trouble {
  /** HTTP status of the model provider, where there was one. */
  status?: number | null | undefined;
  /** The CLI's word for it. */
  cause?: string | undefined;
  /** What the CLI says to people. */
  text: string;
}

interface Rule {
  kind: ErrorKind;
  matches(trouble: Trouble): boolean;
  what: string;
  todo: string;
}

const causes =
  (...names: string[]) =>
  ({ cause }: Trouble) =>
    cause !== undefined && names.includes(cause);
const says =
  (pattern: RegExp) =>
  ({ text }: Trouble) =>
    pattern.test(text);
const status =
  (...codes: number[]) =>
  (trouble: Trouble) =>
    codes.includes(trouble.status ?? 0);
const any =
  (...tests: ((trouble: Trouble) => boolean)[]) =>
  (trouble: Trouble) =>
    tests.some((test) => test(trouble));

// The first that matches. Texts are matched only where older versions give nothing better.
const RULES: readonly Rule[] = [
  {
    kind: 'backend-not-authenticated',
    matches: any(
      causes('authentication_failed', 'oauth_org_not_allowed'),
      status(401, 403),
      says(/not logged in|failed to authenticate/i),
    ),
    what: 'Claude Code is not signed in, or its key was refused',
    todo: 'Run "claude auth login" in a terminal, or set ANTHROPIC_API_KEY, and send the prompt again',
  },
  {
    kind: 'quota-exceeded',
    matches: any(
      causes('billing_error'),
      says(/credit balance|hit your .*limit|session limit|usage limit|maximum budget/i),
    ),
    what: 'The quota of this account is used up',
    todo: 'Wait until it resets, or use another account or key',
  },
  {
    kind: 'rate-limited',
    matches: any(causes('rate_limit'), status(429)),
    what: 'The model provider limits the rate of requests',
    todo: 'Wait a little and send the prompt again',
  },
  {
    kind: 'model-failed',
    matches: any(causes('overloaded'), status(529), says(/overloaded/i)),
    what: 'The model provider is overloaded',
    todo: 'Send the prompt again in a moment',
  },
  {
    kind: 'model-failed',
    matches: any(causes('model_not_found'), says(/selected model/i)),
    what: 'This model does not exist, or this account may not use it',
    todo: 'Choose another model and send the prompt again',
  },
  {
    kind: 'model-failed',
    matches: says(/connection refused|unable to connect|connectionrefused|econn|enotfound|connection error/i),
    what: 'The model provider cannot be reached',
    todo: 'Check the network, the proxy and ANTHROPIC_BASE_URL, and send the prompt again',
  },
  {
    kind: 'model-failed',
    matches: says(/prompt is too long/i),
    what: 'The conversation no longer fits the model',
    todo: 'Send /compact, or start a new session',
  },
  {
    kind: 'model-failed',
    matches: causes('max_output_tokens'),
    what: 'The answer grew longer than the model may write',
    todo: 'Ask for it in smaller parts',
  },
];

const OTHERWISE = { kind: 'model-failed', what: 'The model failed', todo: 'Send the prompt again' } as const;

/** What failed, in the CLI's words, and what to do. */
export function toFailure(trouble: Trouble): Failure {
  const rule = RULES.find((candidate) => candidate.matches(trouble)) ?? OTHERWISE;
  const said = trouble.text.trim().replace(/\s+/g, ' ').slice(0, 500);
  return {
    kind: rule.kind,
    message: said === '' ? `${rule.what}. ${rule.todo}.` : `${rule.what}: ${trim(said)}. ${rule.todo}.`,
  };
}

function trim(text: string): string {
  return text.replace(/[.\s]+$/, '');
}
