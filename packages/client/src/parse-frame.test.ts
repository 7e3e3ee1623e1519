import { downFrameSchema } from '@baton/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseFrame } from './parse-frame.ts';

const GOOD = [
  { type: 'pong' },
  { type: 'caught-up', sessionId: 'ses_1', seq: 0 },
  { type: 'delta', sessionId: 'ses_1', itemId: 'itm_1', field: 'text', offset: 0, text: '' },
  { type: 'receipt', id: 'cmd_1', ok: true },
  { type: 'reset', sessionId: 'ses_1', reason: 'restored' },
  { type: 'topic', topic: 'sessions', data: { kind: 'snapshot', sessions: [] } },
  {
    type: 'event',
    sessionId: 'ses_1',
    seq: 1,
    at: '2026-11-20T12:00:00.000Z',
    event: { type: 'notice.raised', level: 'info', text: 'hi' },
  },
  { type: 'welcome', protocol: 1, serverId: 'srv_1', version: '1', user: { id: 'u', name: 'Ada', role: 'owner' } },
];

test.each(GOOD)('$type is what the protocol says', (frame) => {
  expect(downFrameSchema.parse(frame)).toEqual(frame);
  expect(parseFrame(JSON.stringify(frame))).toEqual(frame);
});

test('an event of a newer server is passed on, so that the count goes on', () => {
  const frame = { ...GOOD[6], event: { type: 'weather.changed', sky: 'blue' } };
  expect(parseFrame(JSON.stringify(frame))).toEqual(frame);
});

test('a frame of a newer server is unknown', () => {
  expect(parseFrame('{"type":"weather"}')).toBe('unknown');
  expect(parseFrame('{"type":"toString"}')).toBe('unknown');
  expect(parseFrame('{}')).toBe('unknown');
});

test.each([
  '',
  'null',
  '[]',
  '"event"',
  '{"type":"event"}',
  '{"type":"event","sessionId":"ses_1","seq":1.5,"at":"","event":{}}',
])('%s is broken', (text) => {
  expect(parseFrame(text)).toBe('broken');
});

test('no text makes it throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(['object', 'string']).toContain(typeof parseFrame(text));
    }),
  );
});
