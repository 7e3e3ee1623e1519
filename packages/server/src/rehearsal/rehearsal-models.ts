import type { RehearsalModels } from '@baton/backends';
import { type AgentModel, AppError } from '@baton/protocol';
import type { Rehearsal } from '@baton/rehearsal';
import { listTitles, type ScenarioTitle } from '@baton/rehearsal/titles';

/** The scripted models for a machine without any key. What plays them is loaded when one is wanted. */
export interface LazyRehearsals extends RehearsalModels {
  close(): Promise<void>;
}

export function createRehearsals(): LazyRehearsals {
  const running = new Map<string, Promise<Rehearsal>>();
  let models: readonly AgentModel[] | undefined;

  function start(scenario: string): Promise<Rehearsal> {
    const known = running.get(scenario);
    if (known !== undefined) return known;
    // A model's name comes from whoever makes a session: it names a scenario of ours, never a file.
    if (!listTitles().some(({ name }) => name === scenario)) return Promise.reject(toUnknown(scenario));
    const started = import('@baton/rehearsal').then(({ startRehearsal }) => startRehearsal({ scenario }));
    running.set(scenario, started);
    // A scenario that could not be read may be mended; the next session tries again.
    started.catch(() => running.delete(scenario));
    return started;
  }

  return {
    models() {
      models ??= listTitles().map(toModel);
      return models;
    },
    start,
    async close() {
      const started = await Promise.allSettled(running.values());
      running.clear();
      for (const each of started) if (each.status === 'fulfilled') await each.value.close();
    },
  };
}

function toUnknown(scenario: string): AppError {
  const names = listTitles().map(({ name }) => name);
  return new AppError('invalid-input', `There is no rehearsal "${scenario}": this server has ${names.join(', ')}`);
}

function toModel({ name, title, description }: ScenarioTitle): AgentModel {
  return { id: `rehearsal:${name}`, title: `Rehearsal: ${title}`, description };
}
