import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a list shows of a scenario. */
export interface ScenarioTitle {
  name: string;
  title: string;
  description: string;
}

/**
 * The built-in scenarios as `listScenarios` orders them, for a server that starts: read at once and without a YAML parser.
 * Their files begin with plain `title:` and `description:` lines, which a test holds them to.
 */
export function listTitles(): ScenarioTitle[] {
  const folder = fileURLToPath(new URL('../../scenarios', import.meta.url));
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => toTitle(file.slice(0, -'.yaml'.length), readFileSync(join(folder, file), 'utf8')))
    .sort((one, other) => rank(one.name) - rank(other.name) || one.name.localeCompare(other.name));
}

function toTitle(name: string, text: string): ScenarioTitle {
  const read = (field: string) => new RegExp(`^${field}: (.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
  return { name, title: read('title') || name, description: read('description') };
}

const rank = (name: string): number => (name === 'first-session' ? 0 : 1);
