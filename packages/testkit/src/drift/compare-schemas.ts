import { type Schema, type Shape, toShapes } from './schema-shape.ts';

/** A schema and the document that its references point into. */
export interface SchemaIn {
  schema: Schema;
  root: Schema;
}

export interface Comparison {
  /** Every place that is read, with what is published of it: `item[agentMessage].text  string`. */
  read: string[];
  /** What is read and not published so: each can break the reading of a message. */
  faults: string[];
}

const DEEPEST = 24;

/**
 * Walks all that a reader reads of a message and looks whether what its writer publishes has it. Fields that are published
 * and not read are no fault. Pure.
 */
export function compareSchemas(reader: SchemaIn, writer: SchemaIn): Comparison {
  const walk: Walk = { reader: reader.root, writer: writer.root, read: new Set(), faults: new Set() };
  const wanted = toShapes(reader.schema, reader.root);
  compare(walk, { wanted, given: toShapes(writer.schema, writer.root) }, '');
  return { read: [...walk.read].toSorted(), faults: [...walk.faults].toSorted() };
}

/** The values of the property by which messages are told apart, wherever a message of the schema has one. */
export function listKinds({ schema, root }: SchemaIn, property: string): string[] {
  const shapes = toShapes(schema, root).flatMap((shape) => toShapes(shape.properties.get(property), root));
  const kinds = shapes.flatMap(({ values }) => values ?? []).filter((value) => typeof value === 'string');
  return [...new Set(kinds)].toSorted();
}

interface Walk {
  reader: Schema;
  writer: Schema;
  read: Set<string>;
  faults: Set<string>;
}

interface Sides {
  wanted: readonly Shape[];
  given: readonly Shape[];
}

function compare(walk: Walk, { wanted, given }: Sides, path: string): void {
  // What takes anything cannot be disappointed.
  if (wanted.some(isAnything) || path.split('.').length > DEEPEST) return;
  compareTypes(walk, { wanted, given }, path);
  for (const one of wanted) {
    if (one.types.has('object') || one.properties.size > 0) compareObject(walk, { one, given }, path);
    const items = given.map((shape) => shape.items);
    if (one.types.has('array')) compareInner(walk, { inner: one.items, given: items }, `${path}[]`);
  }
}

function compareTypes({ faults }: Walk, { wanted, given }: Sides, path: string): void {
  if (given.some(isAnything)) return;
  const taken = new Set(wanted.flatMap(({ types }) => [...types]));
  const written = new Set(given.flatMap(({ types }) => [...types]));
  for (const type of written) if (!isTaken(type, taken)) faults.add(`${path}: may be ${type}`);
}

function compareObject(walk: Walk, { one, given }: { one: Shape; given: readonly Shape[] }, path: string): void {
  const kind = toKind(walk, one);
  const place = kind === undefined ? path : `${path}[${kind.values.join('|')}]`;
  const fitting = given.filter((shape) => mayBeObject(shape) && (kind === undefined || hasKind(walk, shape, kind)));
  if (fitting.length === 0) {
    walk.faults.add(`${place === '' ? 'the whole message' : place}: is not published`);
    return;
  }
  for (const name of one.properties.keys()) {
    if (name !== kind?.property) compareProperty(walk, { one, name, fitting }, place);
  }
  if (one.rest !== undefined) compareInner(walk, { inner: one.rest, given: fitting.flatMap(toInner) }, `${place}.*`);
}

function compareProperty(
  walk: Walk,
  { one, name, fitting }: { one: Shape; name: string; fitting: readonly Shape[] },
  place: string,
): void {
  const path = place === '' ? name : `${place}.${name}`;
  const known = fitting.filter((shape) => shape.properties.has(name));
  if (known.length === 0) {
    if (!fitting.some(isOpen)) walk.faults.add(`${path}: is not published`);
    return;
  }
  const given = known.flatMap((shape) => toShapes(shape.properties.get(name), walk.writer));
  walk.read.add(`${path}  ${describe(given)}`);
  const isRequired = one.required.has(name);
  if (isRequired && fitting.some((shape) => !shape.required.has(name))) walk.faults.add(`${path}: may be missing`);
  compare(walk, { wanted: toShapes(one.properties.get(name), walk.reader), given }, path);
}

function compareInner(walk: Walk, { inner, given }: { inner: Schema; given: readonly Schema[] }, path: string): void {
  const written = given.filter((schema) => schema !== undefined).flatMap((schema) => toShapes(schema, walk.writer));
  if (inner === undefined || written.length === 0) return;
  compare(walk, { wanted: toShapes(inner, walk.reader), given: written }, path);
}

/** What tells an object from its siblings in a union. */
interface Kind {
  property: string;
  values: readonly unknown[];
}

function toKind({ reader }: Walk, shape: Shape): Kind | undefined {
  for (const [property, schema] of shape.properties) {
    const values = toShapes(schema, reader).flatMap((each) => each.values ?? []);
    if (shape.required.has(property) && values.length > 0) return { property, values };
  }
  return undefined;
}

function hasKind({ writer }: Walk, shape: Shape, { property, values }: Kind): boolean {
  if (isAnything(shape)) return true;
  if (!shape.properties.has(property)) return false;
  const written = toShapes(shape.properties.get(property), writer);
  return written.some((each) => each.values === undefined || each.values.some((value) => values.includes(value)));
}

function isAnything({ types, values, properties }: Shape): boolean {
  return types.size === 0 && values === undefined && properties.size === 0;
}

// Nothing is said of what may be in it.
function isOpen({ properties, rest }: Shape): boolean {
  return properties.size === 0 || rest !== undefined;
}

function mayBeObject(shape: Shape): boolean {
  return shape.types.has('object') || shape.properties.size > 0 || isAnything(shape);
}

function toInner({ properties, rest }: Shape): Schema[] {
  return rest === undefined ? [...properties.values()] : [rest];
}

function isTaken(type: string, taken: ReadonlySet<string>): boolean {
  return taken.has(type) || (type === 'integer' && taken.has('number'));
}

function describe(shapes: readonly Shape[]): string {
  const words = shapes.flatMap((shape) => shape.values?.map((value) => JSON.stringify(value)) ?? [...shape.types]);
  return words.length === 0 ? 'anything' : [...new Set(words)].toSorted().join(' | ');
}
