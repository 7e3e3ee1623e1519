import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { sessionEventSchema } from './event/event.ts';
import { downFrameSchema } from './frame/down.ts';
import { upFrameSchema } from './frame/up.ts';
import { MIN_PROTOCOL_VERSION, PROTOCOL_VERSION } from './version.ts';

/** When this test fails the wire has changed: add a line to version.ts, raise the version, then put the new hash here. */
const HASH_OF_VERSION: Record<number, string> = {
  1: 'd58209103d79e491',
};

test('the wire has not changed without a new version', () => {
  const shapes = [upFrameSchema, downFrameSchema, sessionEventSchema].map((schema) =>
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
  );
  const hash = createHash('sha256').update(JSON.stringify(shapes)).digest('hex').slice(0, 16);
  expect(hash).toBe(HASH_OF_VERSION[PROTOCOL_VERSION]);
});

test('the oldest version still served is not newer than the present one', () => {
  expect(MIN_PROTOCOL_VERSION).toBeLessThanOrEqual(PROTOCOL_VERSION);
});
