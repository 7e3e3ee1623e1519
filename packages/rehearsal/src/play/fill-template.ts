/** What a scenario can put into its texts as `{{name}}`. */
export type Variables = Readonly<Record<string, string | undefined>>;

const VARIABLE = /\{\{\s*([a-zA-Z]+)\s*\}\}/g;

/** The text with its variables; one without a value becomes nothing. Names that are not known stay as they are. */
export function fillTemplate(text: string, variables: Variables): string {
  return text.replace(VARIABLE, (whole, name: string) =>
    Object.hasOwn(variables, name) ? (variables[name] ?? '') : whole,
  );
}

/** The same for every text inside a value. */
export function fillValue(value: unknown, variables: Variables): unknown {
  if (typeof value === 'string') return fillTemplate(value, variables);
  if (Array.isArray(value)) return value.map((entry) => fillValue(entry, variables));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, fillValue(entry, variables)]));
}

/** Whether a value needs a variable that has no value in this conversation. */
export function lacksVariable(value: unknown, variables: Variables): boolean {
  if (typeof value === 'string') {
    return [...value.matchAll(VARIABLE)].some(
      ([, name = '']) => Object.hasOwn(variables, name) && variables[name] === undefined,
    );
  }
  if (Array.isArray(value)) return value.some((entry) => lacksVariable(entry, variables));
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((entry) => lacksVariable(entry, variables));
}
