import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Its own ten attempts let a person wait for three minutes before it says that the model is down; three take 15 seconds.
const DEFAULTS = fileURLToPath(new URL('./gemini-defaults.json', import.meta.url));

const SYSTEM: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: '/Library/Application Support/GeminiCli/settings.json',
  win32: 'C:\\ProgramData\\gemini-cli\\settings.json',
};

/**
 * What Gemini CLI gets where nobody set anything: the weakest of its settings, below those of the user, of the folder and
 * of the machine. The machine's own file of such defaults is left in its place.
 */
export function toGeminiDefaults(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const settings =
    env['GEMINI_CLI_SYSTEM_SETTINGS_PATH'] ?? SYSTEM[process.platform] ?? '/etc/gemini-cli/settings.json';
  const isTaken = env['GEMINI_CLI_SYSTEM_DEFAULTS_PATH'] !== undefined;
  if (isTaken || existsSync(join(dirname(settings), 'system-defaults.json'))) return {};
  return { GEMINI_CLI_SYSTEM_DEFAULTS_PATH: DEFAULTS };
}
