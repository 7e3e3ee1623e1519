import type { ErrorKind, Failure } from '@baton/protocol';

/** What an agent says when its model did not answer as it should. */
export interface Trouble {
  /** HTTP status of the model provider, where there was one. */
  status?: number | null | undefined;
  /** The agent's own word for it. */
  cause?: string | undefined;
  /** What it says to people. */
  text: string;
}

/** What one kind of trouble is called, and what mends it. */
export interface TroubleRule {
  kind: ErrorKind;
  matches(trouble: Trouble): boolean;
  /** Without a full stop. */
  what: string;
  todo: string;
}

type Test = TroubleRule['matches'];

export const causes =
  (...names: string[]): Test =>
  ({ cause }) =>
    cause !== undefined && names.includes(cause);
export const status =
  (...codes: number[]): Test =>
  (trouble) =>
    codes.includes(trouble.status ?? 0);
export const says =
  (pattern: RegExp): Test =>
  ({ text }) =>
    pattern.test(text);
export const any =
  (...tests: Test[]): Test =>
  (trouble) =>
    tests.some((test) => test(trouble));

const OTHERWISE = { kind: 'model-failed', what: 'The model failed', todo: 'Send the prompt again' } as const;
const MAX_SAID = 500;

/** By the first rule that matches: what failed, in the agent's words (`said`, if others than the trouble's), and what to do. */
export function explainTrouble(trouble: Trouble, rules: readonly TroubleRule[], said = trouble.text): Failure {
  const { kind, what, todo } = rules.find((rule) => rule.matches(trouble)) ?? OTHERWISE;
  const words = said
    .trim()
    .replace(/\s+/g, ' ')
    .slice(0, MAX_SAID)
    .replace(/[.?!\s]+$/, '');
  return { kind, message: words === '' ? `${what}. ${todo}.` : `${what}: ${words}. ${todo}.` };
}
