const MAX_DEPTH = 8;

/**
 * A value that fits a JSON schema: the first of what may be chosen, the least of what is counted. Agents ask small models
 * for such answers beside the conversation, to route a prompt or to see who speaks next.
 */
export function toSample(schema: unknown, depth = 0): unknown {
  if (!isObject(schema) || depth > MAX_DEPTH) return null;
  const { enum: choices, const: only } = schema;
  if (only !== undefined) return only;
  if (Array.isArray(choices)) return choices[0] ?? null;
  const forms = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(forms)) return toSample(forms[0], depth + 1);
  return toSampleOfType(schema, depth);
}

function toSampleOfType(schema: Record<string, unknown>, depth: number): unknown {
  const { type = 'object' } = schema;
  switch (typeof type === 'string' ? type.toLowerCase() : 'object') {
    case 'object': {
      const properties = isObject(schema['properties']) ? schema['properties'] : {};
      return Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, toSample(inner, depth + 1)]));
    }
    case 'array':
      return [];
    case 'number':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 0;
    case 'integer':
      // Scores begin at one, and not every schema says so.
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1;
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return 'scripted';
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
