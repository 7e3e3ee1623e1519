import { buildParts } from './build-parts.ts';
import { ROOT } from './root.ts';
import { findStaleParts } from './source-stamp.mjs';

/** Builds what changed since the last build, and says so; does nothing when all is fresh. */
export async function buildIfStale(): Promise<void> {
  const parts = findStaleParts(ROOT);
  if (parts.length > 0) await buildParts(parts);
}

if (import.meta.main) await buildIfStale();
