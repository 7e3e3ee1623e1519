import { createId } from '@baton/protocol';
import { expect, test } from 'vitest';
import { startState } from './__fixtures__/start-state.ts';
import { runStep } from './state.ts';
import { applyTool } from './tool-call.ts';
import { toolFieldsSchema } from './wire.ts';

const context = { now: '2026-01-01T00:00:00.000Z', createId };

test.each(['constructor', '__proto__', 'toString', ''])(
  'a call whose id is "%s" is one like any other',
  (toolCallId) => {
    let state = startState;
    const hear = (fields: object) => {
      const call = toolFieldsSchema.parse({ toolCallId, ...fields });
      const step = runStep(state, context, (next) => applyTool(next, call, 's'));
      ({ state } = step);
      return step.reports;
    };
    const [begun] = hear({ title: 'Look', kind: 'execute', status: 'in_progress', rawInput: { command: 'ls' } }).slice(
      -1,
    );
    expect(begun).toMatchObject({ type: 'item.started', item: { title: 'ls', input: { command: 'ls' } } });
    const ended = hear({ status: 'completed' });
    expect(ended).toMatchObject([{ type: 'item.ended', item: { status: 'completed', input: { command: 'ls' } } }]);
    expect(hear({ status: 'completed' })).toEqual([]);
  },
);
