import { toServerMarker } from '@baton/runner';

/** Carried by what one runner starts, so that it can be told from what others of the same data folder started. */
export function toRunnerMarker(dataDir: string, id: string): string {
  return `${toServerMarker(dataDir)}-${id}`;
}

/** Carried by what the server starts itself: terminals, installations, and agents where there is no runner. */
export function toOwnMarker(dataDir: string): string {
  return toRunnerMarker(dataDir, 'server');
}
