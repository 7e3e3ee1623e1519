import type { Failure } from '@baton/protocol';
import { createId } from '@baton/protocol';
import { createManualClock } from '@baton/testkit';
import { expect, test } from 'vitest';
import { startState } from './__fixtures__/start-state.ts';
import { toFixtureAgent } from './__fixtures__/open-acp.ts';
import { Conversation } from './conversation.ts';
import { BOUNDS } from './settings.ts';
import { translate } from './translate.ts';
import { beginTurn } from './turn-end.ts';

function converse() {
  const clock = createManualClock();
  const limits: Failure[] = [];
  const conversation = new Conversation({
    state: startState,
    settings: { definition: toFixtureAgent('good'), env: {}, serverMarker: 'test', clock, bounds: BOUNDS },
    report: () => undefined,
    reply: () => undefined,
    onHang: () => undefined,
    onLimit: (limit) => limits.push(limit),
    onRest: () => undefined,
  });
  void conversation.apply((state, context) => beginTurn(state, createId('turn'), context));
  function hear(update: object) {
    conversation.touch();
    const call = { method: 'session/update', params: { sessionId: 's', update } };
    const translation = translate(conversation.state, call, conversation.toContext());
    if (translation === undefined) throw new Error('nobody knows what was said');
    void conversation.take(translation);
  }
  const hearTrouble = (additionalDetails: string) => {
    const error = { message: 'Reconnecting... 1/1', additionalDetails, willRetry: true };
    hear({ sessionUpdate: 'session_info_update', _meta: { codex: { error } } });
  };
  return { clock, limits, hear, hearTrouble };
}

const LIMITED = 'exceeded retry limit, last status: 429 Too Many Requests';

test('a provider that limits the rate is not waited for in silence', () => {
  const { clock, limits, hearTrouble } = converse();
  hearTrouble(LIMITED);
  clock.advance(BOUNDS.limitMs - 1);
  expect(limits).toEqual([]);
  clock.advance(1);
  expect(limits).toEqual([{ kind: 'rate-limited', message: expect.stringContaining(LIMITED) }]);
  expect(limits[0]?.message).not.toContain('Reconnecting');
});

test('any other word of the agent means that it goes on', () => {
  const { clock, limits, hear, hearTrouble } = converse();
  hearTrouble(LIMITED);
  hear({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'Here I am.' } });
  clock.advance(2 * BOUNDS.limitMs);
  expect(limits).toEqual([]);
  hearTrouble(LIMITED);
  clock.advance(BOUNDS.limitMs);
  expect(limits).toHaveLength(1);
});

test('other trouble is waited for', () => {
  const { clock, limits, hearTrouble } = converse();
  hearTrouble('Connection failed: error sending request');
  clock.advance(2 * BOUNDS.limitMs);
  expect(limits).toEqual([]);
});
