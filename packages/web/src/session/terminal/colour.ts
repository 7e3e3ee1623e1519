import type { Colour } from './text-style.ts';

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
const LEVELS = [0, 95, 135, 175, 215, 255];

/**
 * A terminal colour as CSS. The sixteen named ones are tokens, designed for both themes; any other is drawn towards the
 * theme's ink so that it can be read on either ground.
 */
export function toCssColour(colour: Colour): string {
  if (typeof colour === 'number' && colour < 16) {
    return `var(--ansi-${NAMES[colour % 8] ?? 'white'}${colour < 8 ? '' : '-bright'})`;
  }
  const [red, green, blue] = typeof colour === 'number' ? toRgb(colour) : colour;
  return `color-mix(in oklab, rgb(${red} ${green} ${blue}) 60%, var(--ink))`;
}

/** The same as a ground: quiet enough for the theme's ink to stand on. */
export function toCssGround(colour: Colour): string {
  const [red, green, blue] = typeof colour === 'number' ? toRgb(colour) : colour;
  return `color-mix(in oklab, rgb(${red} ${green} ${blue}) 28%, var(--sunken))`;
}

const BASIC: readonly (readonly [number, number, number])[] = [
  [90, 90, 90],
  [205, 49, 49],
  [13, 140, 70],
  [190, 140, 20],
  [36, 114, 200],
  [170, 60, 170],
  [17, 140, 165],
  [200, 200, 200],
];

function toRgb(index: number): readonly [number, number, number] {
  if (index < 16) return BASIC[index % 8] ?? [128, 128, 128];
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return [grey, grey, grey];
  }
  const cube = index - 16;
  return [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((level) => LEVELS[level] ?? 0) as [
    number,
    number,
    number,
  ];
}
