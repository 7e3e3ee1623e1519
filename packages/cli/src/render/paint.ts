const CODES = { strong: 1, quiet: 2, bad: 31, good: 32, ask: 33, accent: 36 } as const;

export type Tone = keyof typeof CODES;

export type Paint = (tone: Tone, text: string) => string;

/** Colours text, or leaves it as it is where colours are off. */
export function createPaint(isOn: boolean): Paint {
  return (tone, text) => (isOn && text !== '' ? `\u001b[${CODES[tone]}m${text}\u001b[0m` : text);
}

/** As https://no-color.org has it, and as FORCE_COLOR overrides it. */
export function hasColors(env: Readonly<Record<string, string | undefined>>, isTty: boolean): boolean {
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  if (env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '' && env['FORCE_COLOR'] !== '0') return true;
  return isTty && env['TERM'] !== 'dumb';
}
