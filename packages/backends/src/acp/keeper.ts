import { realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import type { ConversationKeeper } from '@baton/core';
import { AppError } from '@baton/protocol';
import type { AgentRequest } from './agent-requests.ts';
import { askBriefly } from './brief-agent.ts';
import { toAgentEnvironment } from './launch.ts';
import { listConversations } from './list-conversations.ts';
import { createReplayPulse, readConversation } from './read-conversation.ts';
import { createReplay } from './replay.ts';
import type { AcpSettings } from './settings.ts';
import { askSignedIn } from './sign-in.ts';
import type { Initialized } from './wire.ts';

/** Asks an agent of the protocol for the conversations it keeps; see `ConversationKeeper`. */
export function createKeeper(
  settings: AcpSettings,
  onInitialized: (initialized: Initialized) => void,
): ConversationKeeper {
  const { definition, bounds, clock } = settings;
  const { title } = definition;
  return {
    async list({ folders, signal }) {
      const cwd = await findHome(settings);
      const purpose = 'to tell which conversations it keeps';
      return askBriefly({ settings, cwd, signal, purpose, onInitialized }, async (agent) => {
        if (agent.initialized.agentCapabilities?.sessionCapabilities?.list == null)
          throw new AppError('capability-missing', `${title} does not tell which conversations it keeps`);
        const asking = {
          ...{ title, cwd, withinMs: bounds.listMs },
          now: () => clock.now(),
          isElsewhere: (folder: string) => folder !== cwd,
          request: (asked: AgentRequest, timeoutMs: number) =>
            askSignedIn(agent, () => agent.request(asked, { timeoutMs })),
        };
        return listConversations(asking, folders);
      });
    },
    async read(conversation, signal) {
      const isThere = await stat(conversation.cwd)
        .then((found) => found.isDirectory())
        .catch(() => false);
      const cwd = isThere ? conversation.cwd : await findHome(settings);
      const pulse = createReplayPulse();
      const updatedAt = conversation.updatedAt ?? new Date(clock.now()).toISOString();
      const toReplay = (agent: string) => createReplay({ ...conversation, agentTitle: title, agent, updatedAt });
      let replay = toReplay('');
      const options = {
        ...{ settings, cwd, signal, purpose: 'to read a conversation' },
        onInitialized(initialized: Initialized) {
          replay = toReplay(initialized.agentInfo?.name ?? '');
          onInitialized(initialized);
        },
        onTold: (method: string, params: unknown) => void (replay.take(method, params) && pulse.beat()),
      };
      return askBriefly(options, (agent) => readConversation(agent, conversation, { settings, replay, pulse }));
    },
  };
}

// A folder that is its user's own: what lies in a shared one could make an agent do something.
async function findHome({ definition, env }: AcpSettings): Promise<string> {
  const own = toAgentEnvironment(definition, env, {});
  const home = own['HOME'] ?? own['USERPROFILE'] ?? homedir();
  return realpath(home).catch(() => home);
}
