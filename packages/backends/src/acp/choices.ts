import type { Change } from '@baton/core';
import { AppError } from '@baton/protocol';
import type { AgentRequest } from './agent-requests.ts';
import type { Conversation } from './conversation.ts';
import { toWords } from './failure.ts';
import { type Category, applyConfig, find } from './offer.ts';
import { type RpcChannel, RpcRefusal } from './rpc.ts';
import { type AcpState, CHOSEN, type Chosen } from './state.ts';
import { configResultSchema } from './wire.ts';

const CATEGORIES: Readonly<Record<Chosen, Category>> = { model: 'model', mode: 'mode', effort: 'thought_level' };

const ALREADY = /\balready (in|on|at|set|using)\b/i;

interface ChoosingAgent {
  conversation: Conversation;
  rpc: RpcChannel;
  timeoutMs: number;
}

/**
 * Has the agent take a model, a mode and an effort, in this order, because each decides what the next can be. Rejects with
 * `capability-missing` or `invalid-input` at the first it does not take; what it has then is reported.
 */
export async function choose(agent: ChoosingAgent, change: Change): Promise<void> {
  for (const what of CHOSEN) {
    const value = change[what];
    if (value === undefined) continue;
    // While it opened the conversation the agent's own word was held back.
    try {
      if (value !== agent.conversation.state[what]) await chooseOne(agent, what, value);
    } catch (error) {
      tellWhatIs(agent.conversation, what);
      throw error;
    } finally {
      const { choosing } = agent.conversation.state;
      agent.conversation.change({ choosing: choosing.filter((each) => each !== what) });
    }
  }
}

function tellWhatIs(conversation: Conversation, what: Chosen): void {
  const value = conversation.state[what];
  if (value !== undefined) void conversation.report({ type: 'session.configured', [what]: value, by: 'agent' });
}

async function chooseOne({ conversation, rpc, timeoutMs }: ChoosingAgent, what: Chosen, value: string): Promise<void> {
  const asked = toRequest(conversation.state, what, value);
  conversation.change({ choosing: [...conversation.state.choosing, what] });
  try {
    await rpc.request(asked, {
      timeoutMs,
      onResult(answer) {
        const result = configResultSchema.safeParse(answer ?? {});
        const options = result.success ? result.data.configOptions : undefined;
        if (options != null) void conversation.step((step) => applyConfig(step, options));
        conversation.change({ [what]: value });
      },
    });
  } catch (error) {
    if (!(error instanceof RpcRefusal)) throw error;
    const why = toWords(error.error);
    // Kimi Code finds a conversation again in the mode it had, and says that it has its usual one.
    if (ALREADY.test(why)) return conversation.change({ [what]: value });
    const message = `${conversation.state.title} refused the ${what} "${value}"${why === '' ? '' : `: ${why}`}`;
    throw new AppError('invalid-input', message, {}, { cause: error });
  }
}

function toRequest(state: AcpState, what: Chosen, value: string): AgentRequest {
  const { nativeId: sessionId, title } = state;
  const option = find(state.config, CATEGORIES[what]);
  if (what === 'mode') checkMode(state, value);
  if (what === 'mode' && state.hasModes) return { method: 'session/set_mode', params: { sessionId, modeId: value } };
  if (option !== undefined)
    return { method: 'session/set_config_option', params: { sessionId, configId: option.id, value } };
  if (what === 'model' && state.hasLegacyModels)
    return { method: 'session/set_model', params: { sessionId, modelId: value } };
  throw new AppError('capability-missing', `${title} lets nobody choose its ${what}`);
}

// Agents differ in what they do with a mode they do not have; some take any word for one.
function checkMode({ offer, title }: AcpState, mode: string): void {
  if (offer.modes.length === 0 || offer.modes.some((known) => known.id === mode)) return;
  const names = offer.modes.map((known) => known.id).join(', ');
  throw new AppError('invalid-input', `Cannot use mode "${mode}" with ${title}: it knows ${names}`);
}
