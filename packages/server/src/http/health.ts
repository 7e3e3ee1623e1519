import type { Engine } from '@baton/core';
import { AppError, type BackendView, type Finding, type ROUTES } from '@baton/protocol';
import type { z } from 'zod';
import type { Authority } from '../auth/authority.ts';
import type { StatusReader } from '../status/status-reader.ts';
import type { Call, Handlers } from './register.ts';

export interface HealthParts {
  engine: Engine;
  authority: Authority;
  status: StatusReader;
  version: string;
  isWritable(): boolean;
  examine(): Promise<Finding[]>;
}

type Health = z.infer<typeof ROUTES.getHealth.response>;

/** What probes ask, and what a person with an identity may know beyond it. */
export function createHealthHandlers(
  parts: HealthParts,
): Pick<Handlers, 'getHealth' | 'getLive' | 'getReady' | 'getDiagnosis'> {
  let examining: Promise<Finding[]> | undefined;
  return {
    async getHealth(call): Promise<Health> {
      const open = { status: parts.isWritable() ? ('ok' as const) : ('degraded' as const), version: parts.version };
      if (!isKnown(parts.authority, call)) return open;
      const [status, backends] = await Promise.all([parts.status.read(), parts.engine.listBackends()]);
      return { ...open, details: { ...status, backends: backends.map(toShort) } };
    },
    // It reads everything: whoever asks while it goes on gets the same answer.
    async getDiagnosis() {
      examining ??= parts.examine().finally(() => {
        examining = undefined;
      });
      return { items: await examining };
    },
    getLive: async () => ({ status: 'ok' }),
    async getReady() {
      if (parts.isWritable()) return { status: 'ok' };
      throw new AppError(
        'store-unavailable',
        'The last write did not reach the disk: free some space or mend the disk',
      );
    },
  };
}

// A wrong key is told no more than none is; it counts against its address all the same.
function isKnown(authority: Authority, { request }: Call<(typeof ROUTES)['getHealth']>): boolean {
  try {
    authority.identify(request.raw);
    return true;
  } catch {
    return false;
  }
}

function toShort({ id, title, installed, version, authenticated, problem }: BackendView) {
  return {
    ...{ id, title, installed, authenticated },
    ...(version === undefined ? {} : { version }),
    ...(problem === undefined ? {} : { problem }),
  };
}
