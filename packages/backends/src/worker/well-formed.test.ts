import { expect, test } from 'vitest';
import { cutMiddle } from './tools/cut-text.ts';
import type { ChatMessage } from './wire.ts';
import { toWellFormedMessage } from './well-formed.ts';

test('no half of a character goes to a model, wherever a text was cut', () => {
  const text = `${cutMiddle('😀'.repeat(9), 9).text}\u2028`;
  const messages: ChatMessage[] = [
    { role: 'user', parts: [{ type: 'text', text }] },
    {
      role: 'assistant',
      parts: [
        { type: 'text', text },
        { type: 'call', id: 'itm_1', name: 'bash', input: { command: text, more: [text] } },
      ],
    },
    { role: 'user', parts: [{ type: 'result', callId: 'itm_1', text, images: [], isError: false }] },
  ];
  expect(JSON.stringify(messages)).toMatch(/\\ud/);
  const sent = JSON.stringify(messages.map(toWellFormedMessage));
  expect(sent).not.toMatch(/\\ud/);
  expect(sent).toContain('😀');
  expect(sent).toContain('\u2028');
});
