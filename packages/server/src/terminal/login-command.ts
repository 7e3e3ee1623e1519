import type { BackendView } from '@baton/protocol';
import { AppError } from '@baton/protocol';
import { toEnvironment } from '@baton/runner';
import type { RegisteredAgent } from '../agents/agent-registry.ts';

export interface LoginCommand {
  file: string;
  args: readonly string[];
  env: Record<string, string>;
}

/** The sign-in of one agent, all of it named by the server: a request only says which agent. */
export function toLoginCommand({ facts }: RegisteredAgent, view: BackendView): LoginCommand {
  const login = facts.known?.login;
  if (login === undefined) throw new AppError('capability-missing', `${view.title} has no sign-in of its own`);
  if (!view.installed || view.path === undefined) {
    throw new AppError('backend-not-installed', `Cannot sign in: ${view.problem ?? `${view.title} is not installed`}`);
  }
  const env = toEnvironment({ from: facts.env, allow: facts.known?.passes ?? [] });
  return { file: view.path, args: login, env: { ...env, TERM: 'xterm-256color', COLORTERM: 'truecolor' } };
}
