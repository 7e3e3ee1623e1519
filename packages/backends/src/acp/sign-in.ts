import { AppError } from '@baton/protocol';
import type { AgentRequest } from './agent-requests.ts';
import { toWords } from './failure.ts';
import { AUTH_REQUIRED, RpcRefusal } from './rpc.ts';
import type { AuthMethod, Initialized } from './wire.ts';

const KEYS: Readonly<Record<string, readonly string[]>> = {
  google: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
  openai: ['OPENAI_API_KEY', 'CODEX_API_KEY'],
  anthropic: ['ANTHROPIC_API_KEY'],
};

export interface SigningAgent {
  title: string;
  signIn: string | undefined;
  env: Readonly<Record<string, string>>;
  initialized: Initialized;
  request(asked: AgentRequest): Promise<unknown>;
}

/** Asks, and once more after signing in with a key where the agent wants that. Rejects with what to do when it cannot. */
export async function askSignedIn<T>(agent: SigningAgent, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!isAuthRequired(error)) throw error;
    if (!(await authenticateWithKey(agent))) throw toSignInError(agent, error);
    return await ask().catch((again: unknown) => {
      throw isAuthRequired(again) ? toSignInError(agent, again) : again;
    });
  }
}

const isAuthRequired = (error: unknown): error is RpcRefusal =>
  error instanceof RpcRefusal && error.error.code === AUTH_REQUIRED;

// With a key of the session, where the agent has a method that takes one. Answers whether it worked.
async function authenticateWithKey(agent: SigningAgent): Promise<boolean> {
  for (const method of agent.initialized.authMethods ?? []) {
    const key = toKey(method, agent.env);
    if (key === undefined) continue;
    const params = { methodId: method.id, _meta: { 'api-key': key } };
    const isIn = await agent.request({ method: 'authenticate', params }).then(
      () => true,
      () => false,
    );
    if (isIn) return true;
  }
  return false;
}

function toKey({ _meta: meta }: AuthMethod, env: Readonly<Record<string, string>>): string | undefined {
  const provider = meta?.['api-key']?.provider ?? '';
  return (KEYS[provider] ?? []).map((name) => env[name]).find((key) => key !== undefined && key !== '');
}

// Nobody is signed in: what the agent says, and its ways in.
function toSignInError({ title, signIn, initialized }: SigningAgent, { error }: RpcRefusal): AppError {
  const ways = (initialized.authMethods ?? []).map(({ id, name }) => (name === '' ? id : name));
  const said = toWords(error).replace(/\.$/, '');
  const offered = ways.length === 0 ? '' : ` It offers: ${ways.join(', ')}.`;
  const todo = signIn ?? 'Sign in with the program in a terminal, or set its key';
  const message = `${title} is not signed in${said === '' ? '' : `: ${said}`}.${offered} ${todo.replace(/\.$/, '')}.`;
  return new AppError('backend-not-authenticated', message);
}
