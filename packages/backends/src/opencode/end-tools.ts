import { STOP_BOUNDS, createProcessFamily, endFamily } from '@baton/runner';
import type { OpencodeSettings } from './settings.ts';

/** Ends whatever the shell commands of these conversations left running; see `session-mark-plugin.mjs`. */
export async function endTools(settings: OpencodeSettings, sessionIds: readonly string[]): Promise<void> {
  if (process.platform !== 'linux') return;
  const bounds = { ...STOP_BOUNDS, ...settings.bounds.stop };
  for (const id of sessionIds.filter((one) => one !== '')) {
    const family = createProcessFamily({ marker: { server: settings.serverMarker, run: `opencode-${id}` } });
    await endFamily(family, { bounds, from: 'terminate' });
  }
}
