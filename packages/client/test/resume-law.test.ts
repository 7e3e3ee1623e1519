import fc from 'fast-check';
import { createId, type TurnId } from '@baton/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBatonClient } from '../src/index.ts';
import { startFaultServer, type FaultServer } from './fault-server.ts';
import { createHurriedClock } from './hurried-clock.ts';
import { until } from './until.ts';

type Move =
  | { do: 'write'; text: string }
  | { do: 'end item' }
  | { do: 'notices'; count: number }
  | { do: 'cut'; after: number }
  | { do: 'deafen' }
  | { do: 'skip' }
  | { do: 'stutter'; on: boolean }
  | { do: 'prompt' }
  | { do: 'prompt, receipt lost' }
  | { do: 'breathe' };

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('write' as const), text: fc.string({ minLength: 1 }) }) },
  { weight: 3, arbitrary: fc.constant({ do: 'end item' as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('notices' as const), count: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('cut' as const), after: fc.integer({ min: 0, max: 12 }) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'deafen' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'skip' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stutter' as const), on: fc.boolean() }) },
  { weight: 3, arbitrary: fc.constant({ do: 'prompt' as const }) },
  { weight: 2, arbitrary: fc.constant({ do: 'prompt, receipt lost' as const }) },
  { weight: 4, arbitrary: fc.constant({ do: 'breathe' as const }) },
);

let server: FaultServer;
beforeEach(async () => {
  server = await startFaultServer();
});
afterEach(() => server.close());

// Lets sockets and timers have their turn.
const breathe = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

test('whatever happens to the line, the client shows the fold of the log and every command is done once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(move, { minLength: 5, maxLength: 40 }),
      fc.integer({ min: 0, max: 60 }),
      async (moves, window) => {
        const sessionId = server.create();
        server.append(sessionId, { type: 'turn.started', turnId: createId('turn'), input: [], by: 'ada' });
        const client = createBatonClient({
          url: server.url,
          key: server.key,
          clock: createHurriedClock(),
          scheduler: queueMicrotask,
          window,
        });
        const handle = client.openSession(sessionId);
        const sent: { id: string; turnId: TurnId; receipt: Promise<unknown> }[] = [];
        const play = (step: Move): void => {
          switch (step.do) {
            case 'write':
              return server.write(sessionId, step.text);
            case 'end item':
              return server.endItem(sessionId);
            case 'notices':
              for (let index = 0; index < step.count; index += 1) {
                server.append(sessionId, { type: 'notice.raised', level: 'info', text: `${index}` });
              }
              return;
            case 'cut':
              return server.cutAfter(step.after);
            case 'deafen':
              return server.deafen();
            case 'skip':
              return server.skipNext();
            case 'stutter':
              return server.stutter(step.on);
            case 'prompt, receipt lost':
            case 'prompt': {
              if (step.do !== 'prompt') server.cutBeforeReceipt();
              const id = createId('command');
              const turnId = createId('turn');
              sent.push({
                id,
                turnId,
                receipt: client.send({ type: 'turn.start', sessionId, turnId, input: 'go' }, { id }),
              });
              return;
            }
            case 'breathe':
          }
        };
        for (const step of moves) {
          play(step);
          if (step.do === 'breathe') await breathe();
        }
        server.stutter(false);
        await Promise.all(sent.map(({ receipt }) => receipt));
        // The last word, so that a skipped event before it is noticed.
        server.append(sessionId, { type: 'notice.raised', level: 'info', text: 'one' });
        server.append(sessionId, { type: 'notice.raised', level: 'info', text: 'two' });
        const expected = () => server.timeline(sessionId);
        await until(handle, ({ status, timeline }) => status === 'live' && timeline.seq === expected().seq);
        while (handle.get().hasOlder) await handle.loadOlder();
        await until(handle, ({ timeline }) => JSON.stringify(timeline) === JSON.stringify(expected()));
        expect(handle.get().timeline).toEqual(expected());
        await until(handle, ({ optimistic }) => optimistic.length === 0);
        for (const { id, turnId } of sent) {
          expect(server.applied.filter((each) => each === id)).toHaveLength(1);
          expect(handle.get().timeline.turns.filter((turn) => turn.turnId === turnId)).toHaveLength(1);
        }
        client.close();
      },
    ),
    { numRuns: 40 },
  );
});
