/** A JSON Schema, or a part of one. */
export type Schema = unknown;

/** One way a value may look: what is left of a schema when references, unions and combinations are resolved. */
export interface Shape {
  /** Empty: anything. */
  types: ReadonlySet<string>;
  /** The only values there are, where the schema names them. */
  values: readonly unknown[] | undefined;
  properties: ReadonlyMap<string, Schema>;
  required: ReadonlySet<string>;
  items: Schema;
  /** What properties that are not named look like; undefined where nothing is said of them. */
  rest: Schema;
}

const NOTHING: Shape = {
  types: new Set(),
  values: undefined,
  properties: new Map(),
  required: new Set(),
  items: undefined,
  rest: undefined,
};

// A union that names itself again says nothing new.
const DEEPEST = 12;

/** All shapes that a schema allows. `root` is the document its references point into. */
export function toShapes(schema: Schema, root: Schema, depth = 0): Shape[] {
  // `false` is the schema that nothing fits.
  if (schema === false) return [];
  if (!isRecord(schema) || depth > DEEPEST) return [NOTHING];
  const deeper = (inner: Schema) => toShapes(inner, root, depth + 1);
  const reference = schema['$ref'];
  let shapes = [toOwnShape(schema)];
  if (typeof reference === 'string') shapes = combine(shapes, deeper(resolve(reference, root)));
  for (const part of toList(schema['allOf'])) shapes = combine(shapes, deeper(part));
  const union = [...toList(schema['oneOf']), ...toList(schema['anyOf'])];
  return union.length === 0 ? shapes : combine(shapes, union.flatMap(deeper));
}

function toOwnShape(schema: Readonly<Record<string, unknown>>): Shape {
  const { type, properties, required, items, additionalProperties: rest } = schema;
  const values = 'const' in schema ? [schema['const']] : schema['enum'];
  const types = Array.isArray(type) ? type : type === undefined ? [] : [type];
  return {
    types: new Set(types.filter((each) => typeof each === 'string')),
    values: Array.isArray(values) ? values : undefined,
    properties: new Map(isRecord(properties) ? Object.entries(properties) : []),
    required: new Set(toList(required).filter((each) => typeof each === 'string')),
    items,
    rest: isRecord(rest) ? rest : undefined,
  };
}

function combine(some: readonly Shape[], others: readonly Shape[]): Shape[] {
  return some.flatMap((one) => others.map((other) => merge(one, other)));
}

function merge(one: Shape, other: Shape): Shape {
  const both = new Set([...one.types].filter((type) => other.types.has(type)));
  return {
    types: one.types.size === 0 ? other.types : other.types.size === 0 ? one.types : both,
    values: other.values ?? one.values,
    properties: new Map([...one.properties, ...other.properties]),
    required: new Set([...one.required, ...other.required]),
    items: other.items ?? one.items,
    rest: other.rest ?? one.rest,
  };
}

/** `#/definitions/Turn` and the like; a reference to nothing allows anything. */
function resolve(reference: string, root: Schema): Schema {
  let at = root;
  for (const part of reference.replace(/^#\/?/, '').split('/')) {
    if (part === '') continue;
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    at = isRecord(at) ? at[key] : undefined;
  }
  return at;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
