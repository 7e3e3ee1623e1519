/** A colour of the palette by its index (0-255), or the red, green and blue a program asked for. */
export type Colour = number | readonly [number, number, number];

export interface TextStyle {
  readonly fg?: Colour;
  readonly bg?: Colour;
  readonly bold?: true;
  readonly dim?: true;
  readonly italic?: true;
  readonly underline?: true;
  readonly strike?: true;
  readonly inverse?: true;
  readonly hidden?: true;
}

export const plainStyle: TextStyle = {};

type Flag = Exclude<keyof TextStyle, 'fg' | 'bg'>;

const SET: Readonly<Record<number, Flag>> = {
  1: 'bold',
  2: 'dim',
  3: 'italic',
  4: 'underline',
  7: 'inverse',
  8: 'hidden',
  9: 'strike',
};
const UNSET: Readonly<Record<number, readonly Flag[]>> = {
  22: ['bold', 'dim'],
  23: ['italic'],
  24: ['underline'],
  27: ['inverse'],
  28: ['hidden'],
  29: ['strike'],
};

/** The style after one "select graphic rendition" sequence; codes we do not know change nothing. */
export function applySgr(style: TextStyle, parameters: string): TextStyle {
  const codes = parameters.split(/[;:]/).map((part) => (part === '' ? 0 : Number.parseInt(part, 10)));
  let next = style;
  for (let index = 0; index < codes.length; ) {
    const { style: changed, used } = applyCode(next, codes.slice(index, index + 5));
    next = changed;
    index += used;
  }
  return next;
}

function applyCode(style: TextStyle, codes: readonly number[]): { style: TextStyle; used: number } {
  const code = codes[0] ?? 0;
  if (code === 0) return { style: plainStyle, used: 1 };
  if (code === 38 || code === 48) return applyExtended(style, codes);
  const flag = SET[code];
  if (flag !== undefined) return { style: { ...style, [flag]: true }, used: 1 };
  const unset = UNSET[code];
  if (unset !== undefined) return { style: without(style, unset), used: 1 };
  return { style: applyBasicColour(style, code), used: 1 };
}

function applyBasicColour(style: TextStyle, code: number): TextStyle {
  if (code >= 30 && code <= 37) return { ...style, fg: code - 30 };
  if (code >= 90 && code <= 97) return { ...style, fg: code - 82 };
  if (code >= 40 && code <= 47) return { ...style, bg: code - 40 };
  if (code >= 100 && code <= 107) return { ...style, bg: code - 92 };
  if (code === 39) return without(style, ['fg']);
  return code === 49 ? without(style, ['bg']) : style;
}

// 38;5;INDEX and 38;2;RED;GREEN;BLUE; 48 the same for the ground.
function applyExtended(style: TextStyle, codes: readonly number[]): { style: TextStyle; used: number } {
  const name = codes[0] === 38 ? 'fg' : 'bg';
  if (codes[1] === 5) {
    const index = codes[2];
    return { style: isByte(index) ? { ...style, [name]: index } : style, used: 3 };
  }
  const [red, green, blue] = codes.slice(2);
  if (codes[1] !== 2) return { style, used: 2 };
  const isWhole = isByte(red) && isByte(green) && isByte(blue);
  return { style: isWhole ? { ...style, [name]: [red, green, blue] } : style, used: 5 };
}

function isByte(value: number | undefined): value is number {
  return value !== undefined && value >= 0 && value <= 255;
}

function without(style: TextStyle, names: readonly (keyof TextStyle)[]): TextStyle {
  const kept = Object.entries(style).filter(([name]) => !names.some((unwanted) => unwanted === name));
  return kept.length === 0 ? plainStyle : Object.fromEntries(kept);
}
