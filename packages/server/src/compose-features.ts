import { join } from 'node:path';
import type {
  Backend,
  BegunTurn,
  Clock,
  Engine,
  Feature,
  FeatureHandlers,
  RecordStore,
  StoreUpkeep,
} from '@baton/core';
import {
  type CheckpointRoutes,
  createCheckpoints,
  createHistory,
  createPolicies,
  createRetention,
  createTasks,
  type HistoryRoutes,
  type PolicyRoutes,
  type RetentionRoutes,
  type TaskRoutes,
} from '@baton/features';
import { createHistoryThreads } from './history-threads.ts';
import type { Roots } from './folder/roots.ts';
import type { Settings } from './settings.ts';

export interface FeatureParts {
  settings: Settings;
  engine: Engine;
  records: RecordStore;
  upkeep: StoreUpkeep;
  clock: Clock;
  roots: Roots;
  /** The agents there are now; what those of the start store of their conversations is looked through. */
  backends(): readonly Backend[];
  onFault(error: unknown): void;
}

/** The routes that features answer. */
export type FeatureRoutes = CheckpointRoutes | HistoryRoutes | PolicyRoutes | RetentionRoutes | TaskRoutes;

export interface Features {
  handlers: FeatureHandlers<FeatureRoutes>;
  /** After sessions were recovered, before requests are taken. */
  start(): Promise<void>;
  /** Before the prompt of a turn goes to its agent. */
  beforeTurn(turn: BegunTurn): Promise<void>;
  /** Before agents are ended. */
  stop(): Promise<void>;
}

/** The abilities this server has beside the sessions themselves. They listen from now on. */
export function createFeatures(parts: FeatureParts): Features {
  const { settings, engine, records, clock, roots, backends, onFault } = parts;
  const shared = { engine, records, clock, onFault };
  const { dataDir, env } = settings;
  const checkpoints = createCheckpoints({ ...shared, dataDir, env, automatic: settings.automaticCheckpoints });
  const policies = createPolicies(shared);
  const tasks = createTasks({ ...shared, resolveFolder: roots.resolveFolder, atOnce: settings.limits.tasksAtOnce });
  const history = createHistory({
    ...{ engine, clock, onFault, backends, resolveFolder: roots.resolveFolder },
    startThread: createHistoryThreads(join(dataDir, 'history.db'), backends()),
  });
  const retention = createRetention({ ...shared, upkeep: parts.upkeep });
  return joinAll([checkpoints, policies, tasks, history, retention], {
    ...checkpoints.handlers,
    ...policies.handlers,
    ...tasks.handlers,
    ...history.handlers,
    ...retention.handlers,
  });
}

function joinAll(
  features: readonly Pick<Feature<never>, 'start' | 'beforeTurn' | 'stop'>[],
  handlers: Features['handlers'],
): Features {
  return {
    handlers,
    async start() {
      for (const feature of features) await feature.start?.();
    },
    async beforeTurn(turn) {
      await Promise.all(features.map(async (feature) => feature.beforeTurn?.(turn)));
    },
    async stop() {
      await Promise.allSettled(features.map(async (feature) => feature.stop?.()));
    },
  };
}
