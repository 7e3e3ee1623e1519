import { createId } from '@baton/protocol';
import { expect, test } from 'vitest';
import { runStep } from '../agent/step.ts';
import { applyInitialized } from './ready.ts';
import { createState } from './state.ts';
import { translate } from './translate.ts';
import { initializedSchema, parseMessage } from './wire.ts';

const context = { now: '2026-01-01T00:00:00.000Z', createId };
const INIT = parseMessage({
  ...{ type: 'system', subtype: 'init', session_id: 'conversation', model: 'claude-big-1', permissionMode: 'default' },
  ...{ tools: ['Read'], mcp_servers: [], terminal_slash_commands: ['vim'] },
});
const INITIALIZED = initializedSchema.parse({
  models: [{ value: 'big', displayName: 'Big', resolvedModel: 'claude-big-1' }],
  commands: [{ name: 'compact' }, { name: 'vim' }],
});

test('what a first turn tells before the answer is told with it, once and by the names the answer gives', () => {
  const start = createState({ cwd: '/', nativeId: 'conversation', model: 'big', mode: 'default' });
  const early = translate({ ...start, isOfferDue: true }, INIT, context);
  expect(early.reports).toEqual([]);
  const { state, reports } = runStep(early.state, context, (step) => applyInitialized(step, INITIALIZED));
  expect(reports).toEqual([
    expect.objectContaining({
      type: 'agent.ready',
      models: [{ id: 'big', title: 'Big' }],
      commands: [{ name: 'compact', description: '' }],
      tools: ['Read'],
    }),
  ]);
  const later = translate(state, INIT, context);
  expect(later.reports).toEqual([]);
});
