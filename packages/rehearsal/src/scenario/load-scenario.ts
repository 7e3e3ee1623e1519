import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@baton/protocol';
import { parseScenario } from './parse-scenario.ts';
import type { Scenario } from './scenario.ts';

/** Where the scenarios that come with Baton are, unless a caller says otherwise: beside the sources, or beside a bundle. */
export const SCENARIO_FOLDER = fileURLToPath(new URL('../../scenarios', import.meta.url));

export interface ScenarioPlace {
  /** The folder with the built-in scenarios. */
  folder?: string | undefined;
}

export interface ScenarioSummary {
  name: string;
  title: string;
  description: string;
  prompts: readonly string[];
}

const EXTENSIONS = ['.yaml', '.yml', '.json'];
// Devices and pipes never end; no scenario that a person writes is as long as this.
const MAX_BYTES = 4 * 1024 * 1024;

/** The built-in scenarios by name; `first-session` comes first. */
export async function listScenarios(place: ScenarioPlace = {}): Promise<ScenarioSummary[]> {
  const names = await readNames(place.folder ?? SCENARIO_FOLDER);
  const scenarios = await Promise.all(names.map((name) => loadScenario(name, place)));
  return scenarios
    .map(({ name, title, description, prompts }) => ({ name, title, description, prompts }))
    .sort((one, other) => rank(one.name) - rank(other.name) || one.name.localeCompare(other.name));
}

/** A built-in scenario by its name, or any file by its path (with a slash or a known ending). Rejects with `not-found` or `invalid-input`. */
export async function loadScenario(nameOrPath: string, place: ScenarioPlace = {}): Promise<Scenario> {
  const folder = place.folder ?? SCENARIO_FOLDER;
  const isPath = /[\\/]/.test(nameOrPath) || EXTENSIONS.includes(path.extname(nameOrPath));
  const files = isPath ? [nameOrPath] : EXTENSIONS.map((extension) => path.join(folder, nameOrPath + extension));
  for (const file of files) {
    const text = await readText(file);
    if (text !== undefined) return parseScenario(text, { name: path.parse(file).name, source: nameOrPath });
  }
  const known = (await readNames(folder)).join(', ');
  throw new AppError('not-found', `There is no scenario "${nameOrPath}"; give the path of a file or one of: ${known}`);
}

const rank = (name: string): number => (name === 'first-session' ? 0 : 1);

async function readNames(folder: string): Promise<string[]> {
  try {
    const files = await readdir(folder);
    return files
      .filter((file) => EXTENSIONS.includes(path.extname(file)))
      .map((file) => path.parse(file).name)
      .sort();
  } catch (cause) {
    throw new AppError('not-found', `Cannot read the folder of scenarios "${folder}"`, {}, { cause });
  }
}

async function readText(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return undefined;
  if (!found.isFile() || found.size > MAX_BYTES) {
    throw new AppError('invalid-input', `Cannot read the scenario "${file}": it must be a file of at most 4 MB`);
  }
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}
