import type { EngineStats } from '@baton/core';
import type { ServerStatus } from '@baton/protocol';

export interface HttpObservation {
  method: string;
  route: string;
  status: number;
  seconds: number;
}

/** Numbers that are read when somebody asks for them. */
export interface MetricSources {
  engine(): EngineStats;
  sockets(): number;
  streams(): number;
  /** Named numbers of the store; each becomes a gauge. */
  store(): Readonly<Record<string, number>>;
  status(): Promise<ServerStatus>;
}
