import type { Repertoire } from '../play/select-turn.ts';
import { listScenarios, loadScenario, type ScenarioPlace } from './load-scenario.ts';
import type { Scenario } from './scenario.ts';

/** The asked-for scenario with the built-in ones beside it, so that a prompt can change the scene. */
export async function loadRepertoire(scenario: Scenario | string, place: ScenarioPlace = {}): Promise<Repertoire> {
  const main = typeof scenario === 'string' ? await loadScenario(scenario, place) : scenario;
  const summaries = await listScenarios(place);
  const others = await Promise.all(summaries.map(({ name }) => loadScenario(name, place)));
  const byName = new Map(others.map((other) => [other.name, other]));
  byName.set(main.name, main);
  return { main, find: (name) => byName.get(name) };
}
