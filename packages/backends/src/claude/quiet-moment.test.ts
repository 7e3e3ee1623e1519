import { createManualClock } from '@baton/testkit';
import { describe, expect, test, vi } from 'vitest';
import { createQuietMoment } from './quiet-moment.ts';
import { parseMessage } from './wire.ts';

function begin() {
  const clock = createManualClock();
  const moment = createQuietMoment(clock);
  const come = vi.fn<() => void>();
  void moment.come.then(come);
  const hasCome = async () => {
    await Promise.resolve();
    return come.mock.calls.length > 0;
  };
  return { clock, moment, hasCome };
}

const INIT = parseMessage({ type: 'system', subtype: 'init', session_id: 's', model: 'm' });
const REQUESTING = parseMessage({ type: 'system', subtype: 'status', status: 'requesting' });
const RESULT = parseMessage({ type: 'result', subtype: 'success', is_error: false, usage: {}, total_cost_usd: 0 });

describe('the moment to ask what it offers', () => {
  test('is soon where no words come', async () => {
    const { clock, hasCome } = begin();
    clock.advance(149);
    expect(await hasCome()).toBe(false);
    clock.advance(1);
    expect(await hasCome()).toBe(true);
  });

  test('is a little after the model was asked, or when there is an answer', async () => {
    const { clock, moment, hasCome } = begin();
    moment.noteWords();
    clock.advance(400);
    moment.hear(INIT);
    expect([moment.hasBegun, await hasCome()]).toEqual([true, false]);
    moment.hear(REQUESTING);
    clock.advance(249);
    expect(await hasCome()).toBe(false);
    moment.hear(RESULT);
    expect(await hasCome()).toBe(true);
  });

  test('comes with a slow model, and with a process that says nothing', async () => {
    const slow = begin();
    slow.moment.noteWords();
    slow.moment.hear(REQUESTING);
    slow.clock.advance(250);
    expect(await slow.hasCome()).toBe(true);
    const silent = begin();
    silent.moment.noteWords();
    silent.clock.advance(2000);
    expect(await silent.hasCome()).toBe(true);
  });
});
