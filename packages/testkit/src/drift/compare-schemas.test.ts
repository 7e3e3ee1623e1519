import { expect, test } from 'vitest';
import { compareSchemas, listKinds } from './compare-schemas.ts';
import { describeDrift } from './describe-drift.ts';

const whole = (schema: unknown) => ({ schema, root: schema });
const object = (properties: Record<string, unknown>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
});
const text = { type: 'string' };

const faultsOf = (reader: unknown, writer: unknown) => compareSchemas(whole(reader), whole(writer)).faults;

test('nothing is wrong when all that is read is published', () => {
  const writer = object({ id: text, more: { type: 'number' } });
  expect(compareSchemas(whole(object({ id: text })), whole(writer))).toEqual({ read: ['id  string'], faults: [] });
});

test('a field that is gone, may be missing, or is of another type', () => {
  const reader = object({ gone: text, rare: text, other: text, empty: text });
  const writer = object({ rare: text, other: { type: 'object' }, empty: { type: ['string', 'null'] } }, [
    'other',
    'empty',
  ]);
  expect(faultsOf(reader, writer)).toEqual([
    'empty: may be null',
    'gone: is not published',
    'other: may be object',
    'rare: may be missing',
  ]);
});

test('what is optional for the reader may be missing, and what it takes as anything may be whatever', () => {
  const reader = object({ rare: text, any: {} }, ['any']);
  expect(faultsOf(reader, object({ rare: text, any: { type: 'array' } }, ['any']))).toEqual([]);
});

test('references, combinations and what stands beside a union', () => {
  const writer = {
    $ref: '#/definitions/Item',
    definitions: {
      Base: object({ id: text }),
      Item: {
        properties: { at: { type: 'integer' } },
        oneOf: [
          { allOf: [{ $ref: '#/definitions/Base' }], ...object({ type: { const: 'say' }, text }) },
          object({ type: { enum: ['run'] }, command: text }),
        ],
      },
    },
  };
  const reader = {
    oneOf: [
      object({ type: { const: 'say' }, id: text, text, at: { type: 'number' } }, ['type', 'id', 'text']),
      object({ type: { const: 'run' }, command: text, id: text }, ['type', 'command']),
      object({ type: { const: 'sleep' } }),
    ],
  };
  expect(compareSchemas(whole(reader), whole(writer))).toEqual({
    read: ['[run].command  string', '[say].at  integer', '[say].id  string', '[say].text  string'],
    faults: ['[run].id: is not published', '[sleep]: is not published'],
  });
  expect(listKinds(whole(writer), 'type')).toEqual(['run', 'say']);
});

test('inside lists and records', () => {
  const reader = object({
    list: { type: 'array', items: object({ name: text }) },
    byId: { type: 'object', additionalProperties: object({ size: { type: 'number' } }) },
  });
  const writer = object({
    list: { type: 'array', items: object({ title: text }) },
    byId: { type: 'object', additionalProperties: object({ size: text }) },
  });
  expect(faultsOf(reader, writer)).toEqual(['byId.*.size: may be string', 'list[].name: is not published']);
});

test('a message that is not published at all', () => {
  expect(faultsOf(object({ id: text }), false)).toEqual(['the whole message: is not published']);
});

test('a type that contains itself ends', () => {
  const writer = { $ref: '#/$defs/Node', $defs: { Node: object({ next: { $ref: '#/$defs/Node' } }) } };
  expect(faultsOf(writer, writer)).toEqual([]);
});

test('the text names what is read, what is silent and what nobody knows', () => {
  const message = (type: string) => object({ type: { const: type }, text });
  const writer = whole({ oneOf: [message('said'), message('noise'), message('new')] });
  const reader = whole(message('said'));
  const drift = describeDrift([
    { title: 'Events', reader, writer, kind: 'type', isSilent: (kind) => kind === 'noise' },
  ]);
  expect(drift).toBe(`# Events

## Published, and not known

new

## Published, known, and not read

noise

## Read, as published

[said].text  string
`);
});
