import type { Clock, Engine } from '@baton/core';
import { createUsageMeter, type FamilyUsage, toServerMarker } from '@baton/runner';

/** Measures all agents with all their processes, for whoever asks. */
export interface AgentMeter {
  /** Whoever asks while one is made, or shortly after, gets the same measurement. */
  read(): Promise<readonly FamilyUsage[]>;
}

/** One look at all processes of the machine takes some milliseconds: several who ask share it. */
const FRESH_MS = 500;

export function createAgentMeter(parts: { engine: Engine; clock: Clock; dataDir: string }): AgentMeter {
  const { engine, clock, dataDir } = parts;
  const meter = createUsageMeter({ server: toServerMarker(dataDir) });
  let last: { at: number; families: Promise<readonly FamilyUsage[]> } | undefined;

  function measure(): Promise<readonly FamilyUsage[]> {
    const roots = engine
      .listAgents()
      .flatMap(({ sessionId, pid }): [string, number][] => (pid === undefined ? [] : [[sessionId, pid]]));
    return meter.measure(new Map(roots));
  }

  // One that failed is not kept: the next who asks may have more luck.
  return {
    read() {
      const now = clock.now();
      if (last !== undefined && now >= last.at && now - last.at < FRESH_MS) return last.families;
      const families = measure();
      last = { at: now, families };
      families.catch(() => {
        last = undefined;
      });
      return families;
    },
  };
}
