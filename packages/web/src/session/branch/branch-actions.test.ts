import type { Capability } from '@baton/protocol';
import { expect, test } from 'vitest';
import { toBranchActions } from './branch-actions.ts';

const of = (...capabilities: Capability[]) => new Set(capabilities);

test('what is offered at a turn follows the capabilities', () => {
  expect(toBranchActions(of(), true)).toEqual({ fork: false, goBack: false });
  expect(toBranchActions(of('fork'), true)).toEqual({ fork: true, goBack: false });
  expect(toBranchActions(of('fork'), false)).toEqual({ fork: false, goBack: false });
  expect(toBranchActions(of('fork', 'rewind'), false)).toEqual({ fork: true, goBack: true });
  expect(toBranchActions(of('fork', 'rewind'), true)).toEqual({ fork: true, goBack: false });
});
