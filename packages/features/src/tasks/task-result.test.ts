import { describe, expect, it } from 'vitest';
import { checkResult, checkSchema } from './task-result.ts';

const PERSON = {
  type: 'object',
  properties: { name: { type: 'string', pattern: '^[A-Z]' }, ages: { type: 'array', items: { $ref: '#/$defs/age' } } },
  required: ['name'],
  additionalProperties: false,
  $defs: { age: { type: 'integer', minimum: 0 } },
};

describe('a result', () => {
  it.each([
    '{"name":"Ada"}',
    ' \n {"name":"Ada","ages":[1,2]}\n',
    '```json\n{"name":"Ada"}\n```',
    'I am done.\n\n```\n{"name":"No"}\n```\n\n```json\n{"name":"Ada"}\n```',
  ])('is taken: %j', async (text) => {
    expect(await checkResult(text, PERSON)).toMatchObject({ ok: true, value: { name: 'Ada' } });
  });

  it.each([
    ['', 'it is not JSON'],
    ['Done: {"name":"Ada"}', 'it is not JSON'],
    ['{"name":"ada"}', 'at #/name'],
    ['{"name":"Ada","ages":[-1]}', 'at #/ages/0'],
    ['{"name":"Ada","more":1}', 'more'],
    ['[]', 'it does not follow the schema'],
  ])('is refused: %j because %s', async (text, why) => {
    expect(await checkResult(text, PERSON)).toEqual({ ok: false, why: expect.stringContaining(why) });
  });

  it('is refused, not a fault, when comparing it fails', async () => {
    const deep = '['.repeat(20_000) + ']'.repeat(20_000);
    const schema = { $ref: '#/$defs/list', $defs: { list: { type: 'array', items: { $ref: '#/$defs/list' } } } };
    await checkSchema(schema);
    expect(await checkResult(deep, schema)).toMatchObject({ ok: false });
  });
});

describe('a schema', () => {
  it.each([PERSON, {}, { enum: [{ pattern: '(' }] }, { $schema: 'https://json-schema.org/draft/2020-12/schema' }])(
    'can be used: %j',
    async (schema) => {
      await expect(checkSchema(schema)).resolves.toBeUndefined();
    },
  );

  it.each([
    { $ref: '#/nowhere' },
    { $ref: '#' },
    { $ref: 'https://example.org/other.json' },
    { properties: { a: { pattern: '(' } } },
    { patternProperties: { '[': {} } },
  ])('cannot be used: %j', async (schema) => {
    await expect(checkSchema(schema)).rejects.toMatchObject({ kind: 'invalid-input' });
  });
});
