import type { Engine } from '@baton/core';
import type { Handlers } from './register.ts';

/** Sessions that wait for a place for their agent. */
export function createQueueHandlers(engine: Engine): Pick<Handlers, 'listQueue' | 'moveInQueue'> {
  return {
    listQueue: async () => engine.listQueue(),
    async moveInQueue({ params, body }) {
      engine.moveInQueue(params.id, body.move);
      return engine.listQueue();
    },
  };
}
