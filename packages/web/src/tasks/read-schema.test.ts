import { expect, test } from 'vitest';
import { readSchema } from './read-schema.ts';

test('a schema is an object of JSON, or nothing', () => {
  expect(readSchema('  ')).toEqual({ ok: true, schema: undefined });
  expect(readSchema('{"type": "string"}')).toEqual({ ok: true, schema: { type: 'string' } });
  expect(readSchema('{type: 1}')).toMatchObject({ ok: false, problem: expect.stringContaining('not JSON') });
  expect(readSchema('[1]')).toMatchObject({ ok: false, problem: expect.stringContaining('an object') });
  expect(readSchema('null')).toMatchObject({ ok: false });
});
