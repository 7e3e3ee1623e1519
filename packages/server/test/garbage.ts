import fc from 'fast-check';

/** Values that programs trip over. */
const nasty = fc.constantFrom<unknown>(
  null,
  '',
  ' ',
  '\0',
  '\u2028',
  '\ud800',
  '../../etc/passwd',
  '%2e%2e%2f',
  '$(id)',
  '`id`',
  "'; DROP TABLE session; --",
  '--upload-pack=id',
  '__proto__',
  'constructor',
  -1,
  0,
  1e308,
  -0,
  2 ** 53,
  0.1,
  true,
  [],
  {},
  [[[[[[]]]]]],
  'x'.repeat(5000),
);

/** Any JSON, and what is worse. */
export const garbage: fc.Arbitrary<unknown> = fc.oneof(nasty, fc.jsonValue({ maxDepth: 3 }), fc.string());

/** An object with some of these fields, each holding garbage, and perhaps some that should not be there. */
export function garbageObject(fields: readonly string[]): fc.Arbitrary<Record<string, unknown>> {
  const names = fc.oneof(
    fc.constantFrom(...fields, 'type', 'id', '__proto__', 'toString'),
    fc.string({ maxLength: 10 }),
  );
  return fc.array(fc.tuple(names, garbage), { maxLength: 6 }).map((entries) => Object.fromEntries(entries));
}

/** Text for a place in an address or a header: printable, short. */
export const garbageText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '-1',
    'null',
    'undefined',
    '[object Object]',
    '../..',
    '%',
    '%zz',
    '%00',
    'a'.repeat(600),
    '{}',
    '*',
  ),
  fc.string({ maxLength: 30 }),
);

/** What a header may hold: no line ends, no controls. */
export function toHeaderText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
