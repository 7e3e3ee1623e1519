import type { Clock, Engine, RecordStore } from '@baton/core';
import type { Settings } from './settings.ts';

export interface FeatureParts {
  settings: Settings;
  engine: Engine;
  records: RecordStore;
  clock: Clock;
  onFault(error: unknown): void;
}
