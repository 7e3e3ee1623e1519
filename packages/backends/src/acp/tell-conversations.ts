import { isAbsolute, relative } from 'node:path';
import type { AgentReport } from '@baton/core';
import type { AgentRequest } from './agent-requests.ts';
import { listConversations } from './list-conversations.ts';
import type { RpcChannel } from './rpc.ts';
import type { AcpSettings } from './settings.ts';

export interface Telling {
  settings: AcpSettings;
  rpc: RpcChannel;
  /** The session's folder. */
  cwd: string;
  /** Something is asked of the agent, or waits to be; or it is gone. */
  isBusy(): boolean;
  report(report: AgentReport): void | Promise<void>;
}

/** Call `rest` whenever the agent has nothing to do. */
export interface TellingAgent {
  rest(): void;
}

/**
 * Asks an agent that works anyway which conversations it keeps: once, when it has had nothing to do for a while, so that no
 * prompt waits behind it. Nobody asked for it: what goes wrong is left alone, and told to who asks.
 */
export function createTelling(telling: Telling): TellingAgent {
  const { clock, bounds } = telling.settings;
  let isDone = false;
  let cancel = () => {};
  return {
    rest() {
      cancel();
      if (isDone) return;
      cancel = clock.after(bounds.settleMs, () => {
        if (isDone || telling.isBusy()) return;
        isDone = true;
        tell(telling).catch(() => {});
      });
    },
  };
}

async function tell({ settings, rpc, cwd, report }: Telling): Promise<void> {
  const { clock, bounds, definition } = settings;
  const asking = {
    ...{ title: definition.title, cwd, withinMs: bounds.listMs },
    now: () => clock.now(),
    isElsewhere: (folder: string) => !isInside(cwd, folder),
    request: (asked: AgentRequest, timeoutMs: number) => rpc.request(asked, { timeoutMs }),
  };
  const conversations = await listConversations(asking, [cwd]);
  await report({ type: 'agent.told', conversations });
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return !isAbsolute(way) && way.split(/[\\/]/)[0] !== '..';
}
