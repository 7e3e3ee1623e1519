import { isAbsolute, relative } from 'node:path';
import type { AgentReport, AgentSaid, OpenOptions } from '@baton/core';
import type { AgentRequest } from './agent-requests.ts';
import { listConversations } from './list-conversations.ts';
import type { RpcChannel } from './rpc.ts';
import type { AcpSettings } from './settings.ts';

export interface Telling {
  settings: AcpSettings;
  options: Pick<OpenOptions, 'cwd' | 'env'>;
  rpc: RpcChannel;
  /** Something is asked of the agent, or waits to be; or it is gone. */
  isBusy(): boolean;
  report(report: AgentReport): void | Promise<void>;
}

export interface TellingAgent {
  /** The agent said what it can. */
  begin(said: AgentSaid): void;
  /** The agent has nothing to do. */
  rest(): void;
}

/**
 * Asks an agent that works anyway which conversations it keeps: once, when it has had nothing to do for a while, so that no
 * prompt waits behind it. Nobody asked for it: what goes wrong is left alone, and told to who asks.
 */
export function createTelling(telling: Telling): TellingAgent {
  const { clock, bounds } = telling.settings;
  let isDue = false;
  let cancel = () => {};

  function rest(): void {
    cancel();
    if (!isDue) return;
    cancel = clock.after(bounds.settleMs, () => {
      if (!isDue || telling.isBusy()) return;
      isDue = false;
      tell(telling).catch(() => {});
    });
  }

  return {
    begin({ capabilities }) {
      // With an environment of its own it may keep its conversations where the agent by itself would not find them.
      isDue = capabilities.includes('list') && Object.keys(telling.options.env).length === 0;
      rest();
    },
    rest,
  };
}

async function tell({ settings, options, rpc, report }: Telling): Promise<void> {
  const { cwd } = options;
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
