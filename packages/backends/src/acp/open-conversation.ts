import type { OpenOptions } from '@baton/core';
import { AppError } from '@baton/protocol';
import { wasUnderWay } from '../agent/was-under-way.ts';
import type { AgentRequest } from './agent-requests.ts';
import { toWords } from './failure.ts';
import { METHOD_NOT_FOUND, RpcRefusal } from './rpc.ts';
import { askSignedIn } from './sign-in.ts';
import { type Initialized, type SessionResult, sessionResultSchema } from './wire.ts';

export interface OpeningAgent {
  title: string;
  signIn: string | undefined;
  env: Readonly<Record<string, string>>;
  initialized: Initialized;
  request(asked: AgentRequest, onResult?: (result: unknown) => void): Promise<unknown>;
  /** Called before the agent repeats what a conversation held. */
  expectReplay(): void;
  /** The conversation is open, by its id. Called before anything that the agent says in it is read. */
  onOpen(result: SessionResult, nativeId: string): void;
}

type Asked = Pick<OpenOptions, 'cwd' | 'nativeId' | 'branch' | 'history'>;

/**
 * Begins a conversation, finds one again, or branches one. Rejects rather than begin anew when one that was under way
 * cannot be found again; one in which the agent never did anything may never have been stored, and is begun anew.
 */
export async function openConversation(agent: OpeningAgent, asked: Asked): Promise<void> {
  if (asked.branch !== undefined) return branch(agent, asked, asked.branch);
  const { nativeId } = asked;
  if (nativeId === undefined) return begin(agent, asked);
  try {
    await resume(agent, asked, nativeId);
  } catch (error) {
    if (!isForgotten(error)) throw error;
    if (await wasUnderWay(asked.history())) throw toLost(agent, nativeId, error);
    await begin(agent, asked);
  }
}

const isForgotten = (error: unknown): boolean =>
  error instanceof RpcRefusal || (error instanceof AppError && error.kind === 'capability-missing');

function toLost({ title }: OpeningAgent, nativeId: string, error: unknown): AppError {
  const why = error instanceof RpcRefusal ? toWords(error.error) : error instanceof Error ? error.message : '';
  const what = `Cannot resume the conversation ${nativeId}: ${why === '' ? `${title} does not say why` : why}`;
  return new AppError('agent-exited', `${what.replace(/\.$/, '')}. Start a new session.`);
}

function begin(agent: OpeningAgent, { cwd }: Asked): Promise<void> {
  return open(agent, { asked: { method: 'session/new', params: { cwd, mcpServers: [] } } });
}

async function resume(agent: OpeningAgent, { cwd }: Asked, nativeId: string): Promise<void> {
  const { agentCapabilities: can } = agent.initialized;
  const params = { sessionId: nativeId, cwd, mcpServers: [] };
  // Where there is a choice, the way that does not repeat everything.
  if (can?.sessionCapabilities?.resume != null)
    return open(agent, { asked: { method: 'session/resume', params }, nativeId });
  if (can?.loadSession !== true)
    throw new AppError('capability-missing', `${agent.title} cannot go on with an earlier conversation`);
  agent.expectReplay();
  return open(agent, { asked: { method: 'session/load', params }, nativeId });
}

async function branch(agent: OpeningAgent, asked: Asked, { kind, nativeId, point }: NonNullable<Asked['branch']>) {
  if (kind === 'rewind' || point !== undefined) {
    const what = 'go back to an earlier turn: the Agent Client Protocol only branches a whole conversation';
    throw new AppError('capability-missing', `${agent.title} cannot ${what}`);
  }
  if (agent.initialized.agentCapabilities?.sessionCapabilities?.fork == null)
    throw new AppError('capability-missing', `${agent.title} cannot branch its conversation`);
  const own = asked.nativeId;
  if (own !== undefined && own !== nativeId) {
    const found = await resume(agent, asked, own).then(
      () => true,
      (error: unknown) => {
        if (isForgotten(error)) return false;
        throw error;
      },
    );
    if (found) return;
  }
  // Some agents repeat the conversation before they answer.
  agent.expectReplay();
  const params = { sessionId: nativeId, cwd: asked.cwd, mcpServers: [] };
  await open(agent, { asked: { method: 'session/fork', params } });
}

interface Opening {
  asked: AgentRequest;
  nativeId?: string;
}

function open(agent: OpeningAgent, opening: Opening): Promise<void> {
  return askSignedIn(agent, () => ask(agent, opening));
}

async function ask(agent: OpeningAgent, { asked, nativeId }: Opening): Promise<void> {
  await agent.request(asked, (answer) => {
    const result = sessionResultSchema.parse(answer ?? {});
    const id = result.sessionId ?? nativeId;
    if (id === undefined) throw new Error(`${asked.method} answered without a session id`);
    agent.onOpen(result, id);
  });
}

/** A refusal as a failure to start, in words. */
export function toOpenError(title: string, error: unknown): unknown {
  if (!(error instanceof RpcRefusal)) return error;
  const { code } = error.error;
  const why = code === METHOD_NOT_FOUND ? 'it does not know how' : toWords(error.error) || 'it does not say why';
  return new AppError('agent-exited', `${title} opened no conversation: ${why.replace(/\.$/, '')}.`);
}
