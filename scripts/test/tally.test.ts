import { expect, test } from 'vitest';
import { toTally, type CountedModule } from './tally.ts';

function createModule(states: Record<string, string>, errors: string[] = []): CountedModule {
  const tests = Object.entries(states).map(([fullName, state]) => ({ fullName, result: () => ({ state }) }));
  return {
    relativeModuleId: 'packages/x/src/x.test.ts',
    children: { allTests: () => tests },
    errors: () => errors.map((message) => ({ message })),
  };
}

test('passed and failed tests are counted as they are', () => {
  const tally = toTally([createModule({ a: 'passed', b: 'passed' }), createModule({ c: 'failed' })], []);
  expect(tally).toEqual({ passed: 2, failed: 1, reasons: [] });
});

test.for(['skipped', 'pending'])('a %s test is a failure with a reason', (state) => {
  const tally = toTally([createModule({ 'later > works': state })], []);
  expect(tally).toMatchObject({ passed: 0, failed: 1 });
  expect(tally.reasons).toEqual([`packages/x/src/x.test.ts: "later > works" did not run (${state})`]);
});

test('a file without a test is a failure', () => {
  expect(toTally([createModule({})], [])).toEqual({
    passed: 0,
    failed: 1,
    reasons: ['packages/x/src/x.test.ts: no test in this file'],
  });
});

test('a file that does not load is one failure, not two', () => {
  expect(toTally([createModule({}, ['Cannot find module'])], [])).toEqual({
    passed: 0,
    failed: 1,
    reasons: ['packages/x/src/x.test.ts: Cannot find module'],
  });
});

test('an error outside every test is a failure', () => {
  const tally = toTally([createModule({ a: 'passed' })], [new Error('socket hang up'), 'thrown text']);
  expect(tally).toEqual({
    passed: 1,
    failed: 2,
    reasons: ['error outside a test: socket hang up', 'error outside a test: thrown text'],
  });
});
