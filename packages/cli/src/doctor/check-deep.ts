import { createApi } from '@baton/client';
import { toAppError } from '@baton/protocol';
import { examineData, type Settings } from '@baton/server';
import type { ServerAddress } from '../server/find-server.ts';
import { bad, type Finding } from './finding.ts';

/** It may be much: as long as a person would wait who asked for it. */
const TIMEOUT_MS = 10 * 60_000;

/** All that is kept, read through: by the running server, and without one here. */
export async function checkDeep(running: ServerAddress | undefined, settings: Settings): Promise<Finding[]> {
  try {
    if (running === undefined) return await examineData({ dataDir: settings.dataDir, isServed: false });
    return (await createApi({ ...running, timeoutMs: TIMEOUT_MS }).call('getDiagnosis')).items;
  } catch (cause) {
    return [bad({ id: 'deep', title: 'Kept data' }, toAppError(cause).message, 'Look into the server log')];
  }
}
