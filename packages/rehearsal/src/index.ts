export { startRehearsal, REHEARSAL_KEY, type Rehearsal, type RehearsalOptions } from './serve/start-rehearsal.ts';
export type { RecordedRequest } from './serve/request-log.ts';
export {
  SCENARIO_FOLDER,
  listScenarios,
  loadScenario,
  type ScenarioPlace,
  type ScenarioSummary,
} from './scenario/load-scenario.ts';
export { parseScenario, type ParseOptions } from './scenario/parse-scenario.ts';
export { scenarioSchema, type Scenario, type ScenarioInput } from './scenario/scenario.ts';
export { rehearseCommand, type RehearseOptions } from './serve/rehearse-command.ts';
