import { createId } from '@baton/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMessageStream } from './message-stream.ts';

const itemId = createId('item');
const start = {
  type: 'item.started',
  turnId: createId('turn'),
  itemId,
  item: { type: 'agent-message', text: '' },
} as const;
const end = (text: string) => ({ type: 'item.ended', itemId, item: { type: 'agent-message', text } }) as const;
const delta = (offset: number, text: string) => ({ itemId, field: 'text', offset, text }) as const;

test('every letter is printed once, however it came', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.nat(3), fc.boolean(), (pieces, missing, reconnects) => {
      const text = pieces.join('');
      const stream = createMessageStream();
      let printed = stream.event(start);
      let offset = 0;
      for (const piece of pieces.slice(0, Math.max(0, pieces.length - missing))) {
        printed += stream.delta(delta(offset, piece));
        offset += piece.length;
        if (reconnects) printed += stream.delta(delta(0, text.slice(0, offset)));
      }
      printed += stream.event(end(text));
      expect(printed.trimEnd()).toBe(
        text
          .replaceAll('\r', '')
          .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, escape)
          .trimEnd(),
      );
    }),
  );
});

function escape(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

test('messages begin and end on lines of their own', () => {
  const stream = createMessageStream();
  expect(stream.event(start) + stream.delta(delta(0, 'Hello')) + stream.event(end('Hello'))).toBe('Hello\n');
  expect(stream.endLine()).toBe('');
});

test('a message that was meant otherwise is printed again as a whole', () => {
  const stream = createMessageStream();
  stream.event(start);
  expect(stream.delta(delta(0, 'Helo')) + stream.event(end('Hello'))).toBe('Helo\nHello\n');
});

test('other items and fields print nothing', () => {
  const stream = createMessageStream();
  expect(stream.delta(delta(0, 'nobody started me'))).toBe('');
  stream.event(start);
  expect(stream.delta({ itemId, field: 'output', offset: 0, text: 'x' })).toBe('');
});
