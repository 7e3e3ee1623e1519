import type { Failure } from '@baton/protocol';
import { type Trouble, type TroubleRule, any, causes, explainTrouble, says, status } from '../agent/trouble.ts';

// Texts are matched only where older versions give nothing better.
const RULES: readonly TroubleRule[] = [
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

/** What failed, in the CLI's words, and what to do. */
export const toFailure = (trouble: Trouble): Failure => explainTrouble(trouble, RULES);
