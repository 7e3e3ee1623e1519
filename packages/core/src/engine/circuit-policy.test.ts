import type { ErrorKind, SessionId } from '@baton/protocol';
import { expect, test } from 'vitest';
import {
  afterBegun,
  afterFailedStart,
  afterGivenUp,
  type Circuit,
  closedCircuit,
  isBackendFault,
  toRetryAt,
} from './circuit-policy.ts';

const session = (n: number) => `ses_${n}` as SessionId;
const fail = (circuit: Circuit, n: number, now = 0) =>
  afterFailedStart(circuit, { sessionId: session(n), reason: 'it is broken', now });
const opened = [1, 2, 3, 4, 5].reduce((circuit, n) => fail(circuit, n), closedCircuit);

test('five failed starts in a row open it for half a minute', () => {
  const four = [1, 2, 3, 4].reduce((circuit, n) => fail(circuit, n), closedCircuit);
  expect(toRetryAt(four)).toBe(0);
  expect(opened).toEqual({ kind: 'open', reason: 'it is broken', until: 30_000, waitMs: 30_000 });
  expect(fail(opened, 6, 10_000)).toBe(opened);
});

test('one session that fails by itself does not open it', () => {
  const alone = [1, 1, 1, 1, 1, 1, 1].reduce((circuit, n) => fail(circuit, n), closedCircuit);
  expect(alone.kind).toBe('closed');
});

test('after the wait one start is tried; when it fails the next wait is twice as long, up to five minutes', () => {
  expect(afterBegun(opened, { sessionId: session(7), now: 29_999 })).toBe(opened);
  let circuit: Circuit = opened;
  const waits = [1, 2, 3, 4, 5].map((n) => {
    const now = toRetryAt(circuit);
    const trying = afterBegun(circuit, { sessionId: session(n), now });
    expect(trying).toMatchObject({ kind: 'half-open', probe: session(n), since: now });
    expect(toRetryAt(trying)).toBe(now + 60_000);
    circuit = fail(trying, n, now);
    return toRetryAt(circuit) - now;
  });
  expect(waits).toEqual([60_000, 120_000, 240_000, 300_000, 300_000]);
});

test('a try that is stopped lets the next one go at once', () => {
  const trying = afterBegun(opened, { sessionId: session(7), now: 30_000 });
  expect(afterGivenUp(trying, { sessionId: session(8), now: 31_000 })).toBe(trying);
  expect(toRetryAt(afterGivenUp(trying, { sessionId: session(7), now: 31_000 }))).toBe(31_000);
});

test('what whoever asked can mend is no fault of the backend', () => {
  const theirs: ErrorKind[] = ['agent-exited', 'agent-unresponsive', 'internal'];
  const mine: ErrorKind[] = ['invalid-input', 'forbidden', 'backend-not-authenticated'];
  expect([undefined, ...theirs].map(isBackendFault)).toEqual([true, true, true, true]);
  expect(mine.map(isBackendFault)).toEqual([false, false, false]);
});
