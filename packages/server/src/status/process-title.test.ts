import { expect, test } from 'vitest';
import { toProcessTitle } from './process-title.ts';

test.each([
  ['install-opencode', 'Installation of opencode'],
  ['newest-version', 'Look for newer versions'],
  ['codex', 'codex'],
])('processes marked %j are called %j', (marker, title) => {
  expect(toProcessTitle(marker)).toBe(title);
});
