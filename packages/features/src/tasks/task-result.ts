import type { Schema, Validator } from '@cfworker/json-schema';
import { AppError, parseJson } from '@baton/protocol';

type JsonSchema = Readonly<Record<string, unknown>>;

/** Throws `invalid-input` for what cannot be used as a JSON Schema. */
export async function checkSchema(schema: JsonSchema): Promise<void> {
  const validator = await createValidator(schema);
  try {
    validator.validate(null);
    checkPatterns(schema);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('invalid-input', `Cannot use "schema": it is no valid JSON Schema (${why.slice(0, 300)})`);
  }
}

// The validator compiles a pattern when a text reaches it, which is too late to tell who wrote it.
function checkPatterns(schema: unknown): void {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [name, value] of Object.entries(schema)) {
    if (DATA.has(name)) continue;
    if (name === 'pattern' && typeof value === 'string') new RegExp(value, 'u');
    if (name === 'patternProperties') for (const pattern of Object.keys(toFields(value))) new RegExp(pattern, 'u');
    checkPatterns(value);
  }
}

const DATA = new Set(['const', 'enum', 'default', 'examples']);

function toFields(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

export type CheckedResult = { ok: true; value: unknown } | { ok: false; why: string };

/** What an agent's last message says as JSON, where it follows the schema. */
export async function checkResult(text: string, schema: JsonSchema): Promise<CheckedResult> {
  const parsed = toJson(text);
  if (!parsed.ok) return { ok: false, why: `it is not JSON (${parsed.reason})` };
  const problem = findProblem(parsed.value, await createValidator(schema));
  return problem === undefined ? { ok: true, value: parsed.value } : { ok: false, why: problem };
}

function findProblem(value: unknown, validator: Validator): string | undefined {
  try {
    const { valid, errors } = validator.validate(value);
    if (valid) return undefined;
    const [first] = errors.toReversed();
    const where = first === undefined || first.instanceLocation === '#' ? '' : ` at ${first.instanceLocation}`;
    return `it does not follow the schema${where}: ${first?.error ?? 'it is not valid'}`;
  } catch (cause) {
    // Nested more deeply than the validator can follow.
    return `it cannot be compared with the schema (${cause instanceof Error ? cause.message : String(cause)})`;
  }
}

// Loaded when it is needed: few tasks have a schema.
async function createValidator(schema: JsonSchema): Promise<Validator> {
  const { Validator } = await import('@cfworker/json-schema');
  // A schema is any JSON object; what is wrong in it shows when it is used.
  return new Validator(schema as Schema, '2020-12', true);
}

// Agents like to put JSON into a fence, whatever they are told.
function toJson(text: string) {
  const whole = parseJson(text.trim());
  if (whole.ok) return whole;
  const fenced = [...text.matchAll(/^```(?:json)?[ \t]*\n([\s\S]*?)\n```[ \t]*$/gm)].at(-1)?.[1];
  return fenced === undefined ? whole : parseJson(fenced);
}

/** What the agent is asked, the wanted form of the result included. */
export function toPrompt(prompt: string, schema: JsonSchema | undefined): string {
  if (schema === undefined) return prompt;
  return `${prompt}

When you are done, let your last message be the result as JSON and nothing else: no words before or after it, no code fence. \
It has to follow this JSON Schema:
${JSON.stringify(schema)}`;
}

export function toCorrection(why: string): string {
  return `Your last message cannot be used: ${why}. Answer again with the result as JSON and nothing else, following the schema.`;
}

export const AFTER_RESTART =
  'The server was restarted while you were at work on this. See what is done already, go on where you stopped, and finish the task.';
