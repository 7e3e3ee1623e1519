import { expect, test } from 'vitest';
import { listTitles } from './list-titles.ts';
import { listScenarios } from './load-scenario.ts';

test('the titles are those that the YAML parser reads', async () => {
  const scenarios = await listScenarios();
  expect(listTitles()).toEqual(scenarios.map(({ name, title, description }) => ({ name, title, description })));
});
