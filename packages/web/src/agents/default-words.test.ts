import type { BackendView } from '@baton/protocol';
import { expect, test } from 'vitest';
import { toDefaultWords } from './default-words.ts';

const AGENT: BackendView = {
  ...{ id: 'acp', title: 'Agent', installed: true, authenticated: 'yes', capabilities: [] },
  models: [{ id: 'm', title: 'Large' }],
  modes: [{ id: 'plan', title: 'Plan' }],
};

test('a default is told in the words of its agent', () => {
  const item = { folder: '/code', backend: 'acp', model: 'm', mode: 'plan', effort: 'high' };
  expect(toDefaultWords(item, AGENT)).toEqual({ words: 'Agent · Large · High effort · Plan' });
  expect(toDefaultWords({ folder: '/code', backend: 'acp' }, AGENT)).toEqual({ words: 'Agent' });
});

test('what does not hold any more is said', () => {
  const item = { folder: '/code', backend: 'acp', model: 'old', mode: 'yolo' };
  expect(toDefaultWords(item, AGENT)).toEqual({
    words: 'Agent · old · yolo',
    problem: 'Agent does not offer “old” and “yolo” any more.',
  });
  expect(toDefaultWords(item, undefined)).toEqual({
    words: 'acp · old · yolo',
    problem: 'There is no agent “acp” any more.',
  });
});

test('an agent that has offered nothing yet may have it', () => {
  const item = { folder: '/code', backend: 'acp', model: 'old' };
  expect(toDefaultWords(item, { ...AGENT, models: [], modes: [] })).toEqual({ words: 'Agent · old' });
});
