import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PLUGIN_TYPES = '@opencode-ai/plugin';

/**
 * Makes, in a home that is there, a configuration folder as the first start of OpenCode leaves it and a catalogue without
 * models, and answers the variables that make it take them. Without them each new home has 63 MB fetched into it from npm, in
 * the background, and each server reads a whole catalogue: half of what a short session costs, and a need for the network.
 */
export function createOpencodeConfig(home: string): Record<string, string> {
  const root = join(home, '.config');
  const folder = join(root, 'opencode');
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  const dependencies = { [PLUGIN_TYPES]: '*' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ dependencies }));
  const lock = { lockfileVersion: 3, packages: { '': { dependencies } } };
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  const models = join(root, 'models.json');
  writeFileSync(models, '{}');
  return { XDG_CONFIG_HOME: root, OPENCODE_MODELS_PATH: models };
}
