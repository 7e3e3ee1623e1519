import { describe, expect, test } from 'vitest';
import { listScenarios, loadScenario, parseScenario } from '../index.ts';

function complaintOf(text: string): string {
  try {
    parseScenario(text, { source: 'mine.yaml' });
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
  return 'accepted';
}

test('reads YAML and JSON alike', () => {
  const steps = [{ verb: 'say', value: { text: 'Hello' } }];
  expect(parseScenario('title: A\nturns: [{ steps: [Hello] }]').turns[0]?.steps).toEqual(steps);
  expect(parseScenario('{"title":"A","turns":[{"steps":[{"say":"Hello"}]}]}').turns[0]?.steps).toEqual(steps);
});

describe('names the line of a mistake', () => {
  test('in the syntax', () => {
    expect(complaintOf('title: "never closed\nturns: []')).toMatch(/"mine.yaml":\n {2}line \d+, column \d+: /);
  });

  test('in an unknown step', () => {
    expect(complaintOf('title: A\nturns:\n  - steps:\n      - say: hi\n      - sing: la')).toContain(
      'line 5, column 15: sing: Unknown step "sing"; known are say, think, call',
    );
  });

  test('in the value of a step', () => {
    expect(complaintOf('title: A\nturns:\n  - steps:\n      - error: { status: 99 }')).toMatch(
      /line 4, column 26: status: .*400/,
    );
  });

  test('deep inside a branch', () => {
    const text = 'title: A\nturns:\n  - steps:\n      - expect:\n          otherwise:\n            - delay: soon';
    expect(complaintOf(text)).toMatch(/line 6, column 22: delay/);
  });

  test('in a key that does not exist', () => {
    expect(complaintOf('title: A\ncolour: red\nturns: [{ steps: [x] }]')).toMatch(/line 1, column 1: .*colour/);
  });

  test('in a pattern', () => {
    expect(complaintOf('title: A\nturns:\n  - when: /(/\n    steps: [x]')).toMatch(
      /line 3, column 11: when: .*regular expression/i,
    );
  });

  test('in an empty document', () => {
    expect(complaintOf('')).toContain('line 1, column 1');
  });
});

test('every built-in scenario is valid, titled and described; the first session comes first', async () => {
  const scenarios = await listScenarios();
  expect(scenarios[0]?.name).toBe('first-session');
  expect(scenarios.length).toBeGreaterThanOrEqual(15);
  for (const { title, description, prompts } of scenarios) {
    expect(title).not.toBe('');
    expect(description).not.toBe('');
    expect(prompts.length).toBeGreaterThan(0);
  }
});

test('says which scenarios there are when one is not found', async () => {
  await expect(loadScenario('no-such-thing')).rejects.toThrow(/no scenario "no-such-thing".*first-session/s);
  await expect(loadScenario('./missing.yaml')).rejects.toThrow(/missing\.yaml/);
  await expect(listScenarios({ folder: '/no/such/folder' })).rejects.toThrow(/folder of scenarios/);
});
