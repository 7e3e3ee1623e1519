import { readFile, readdir } from 'node:fs/promises';
import { parseJson } from '@baton/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { checkLaws, createPlay, ofType, say } from './__fixtures__/play.ts';
import { settleTurn } from './turn-end.ts';
import { parseMessage } from './wire.ts';

const FIXTURES = new URL('./__fixtures__/', import.meta.url);
const lineSchema = z.object({ dir: z.enum(['in', 'out']), line: z.unknown() });

async function readMessages(): Promise<unknown[]> {
  const names = (await readdir(FIXTURES)).filter((name) => name.endsWith('.ndjson'));
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, FIXTURES), 'utf8')));
  return texts
    .flatMap((text) => text.split('\n').filter((line) => line !== ''))
    .map((line) => {
      const parsed = parseJson(line);
      return lineSchema.parse(parsed.ok ? parsed.value : undefined);
    })
    .flatMap(({ dir, line }) => (dir === 'out' ? [line] : []));
}

test('keeps what it does not know, whole', () => {
  const odd = { type: 'system', subtype: 'from_the_future', detail: { deep: [1] } };
  expect(parseMessage(odd)).toEqual({ type: 'unknown', payload: odd });
  expect(createPlay().take(odd)).toEqual([{ type: 'raw.received', source: 'claude', payload: odd }]);
});

test('keeps what has a known name and another shape', () => {
  const broken = { type: 'assistant', message: 'what?' };
  expect(parseMessage(broken)).toEqual({ type: 'unknown', payload: broken });
});

test('says nothing of what is of no use', () => {
  expect(parseMessage({ type: 'keep_alive' })).toEqual({ type: 'ignored' });
  expect(createPlay().take({ type: 'tool_progress', heartbeat: true }, say.system('hook_started'))).toEqual([]);
});

test('takes any JSON without throwing', () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.constantFrom('assistant', 'user', 'result', 'system', 'stream_event', 'control_request'),
      (value, type) => {
        const play = createPlay();
        play.take(value, { type, message: value, event: value, request: value, request_id: 'r', subtype: 'init' });
      },
    ),
    { numRuns: 300 },
  );
});

test('keeps the laws whatever is lost, repeated or out of order', async () => {
  const messages = await readMessages();
  const anyOrder = fc.array(fc.oneof(fc.nat(messages.length - 1), fc.constant(-1)), { minLength: 20, maxLength: 200 });
  fc.assert(
    fc.property(anyOrder, (picks) => {
      const play = createPlay();
      let turns = 0;
      for (const pick of picks) {
        if (pick === -1) play.prompt(`trn_prompt${(turns += 1)}`);
        else play.take(messages[pick]);
      }
      play.apply((state, context) => settleTurn(state, { outcome: 'completed' }, context));
      checkLaws(play.reports, { isOver: true });
      expect(ofType(play.reports, 'turn.ended').length).toBeGreaterThanOrEqual(turns);
    }),
    { numRuns: 200 },
  );
});
