import type { Change } from '@baton/core';
import type { ControlChannel } from './control.ts';
import { checkEffort } from './efforts.ts';
import { checkMode } from './modes.ts';
import type { ClaudeState } from './state.ts';

export interface ConfigurerOptions {
  channel: ControlChannel;
  env: Readonly<Record<string, string>>;
  requestMs: number;
  ready: Promise<void>;
  read(): ClaudeState;
  change(change: Partial<ClaudeState>): void;
}

/** Changes of a running agent, one after another. */
export interface Configurer {
  /** Resolves when the agent has taken it; rejects when it does not. */
  configure(change: Change): Promise<void>;
  /** Resolves when every change that was asked for is in force or refused. */
  settled(): Promise<void>;
}

export function createConfigurer(options: ConfigurerOptions): Configurer {
  const { channel, env, requestMs, ready, read, change } = options;
  let changing: Promise<void> = Promise.resolve();

  async function apply({ model, mode, effort }: Change): Promise<void> {
    await ready;
    if (effort !== undefined) checkEffort(effort, read().offer.models);
    if (model !== undefined) await set({ model }, 'set_model', { model });
    if (mode !== undefined) await set({ mode }, 'set_permission_mode', { mode });
    if (effort !== undefined) await set({ effort }, 'apply_flag_settings', { settings: { effortLevel: effort } });
  }

  // The state changes first, so that the agent's own word about it is no news.
  async function set(to: Partial<ClaudeState>, subtype: string, fields: Readonly<Record<string, unknown>>) {
    const { model, mode, effort } = read();
    change(to);
    try {
      await channel.request(subtype, fields, requestMs);
    } catch (error) {
      change({ model, mode, effort });
      throw error;
    }
  }

  return {
    async configure(wanted) {
      if (wanted.mode !== undefined) checkMode(wanted.mode, env);
      const before = changing.catch(() => undefined);
      changing = before.then(() => apply(wanted));
      await changing;
    },
    settled: () => changing.catch(() => undefined),
  };
}
