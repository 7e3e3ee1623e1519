import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ACCENTS } from './look.ts';
import { toContrast, type Oklch } from './contrast.ts';

type Pair = { light: Oklch; dark: Oklch };

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8').split('@media')[0] ?? '';
const COLOUR = String.raw`oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)`;

function readPairs(block: string): Map<string, Pair> {
  const pairs = new Map<string, Pair>();
  for (const found of block.matchAll(new RegExp(String.raw`--([\w-]+): light-dark\(${COLOUR}, (?:${COLOUR})?`, 'g'))) {
    const [l1, c1, h1, l2, c2, h2] = found.slice(2).map(Number);
    if (h2 === undefined || Number.isNaN(h2)) {
      // A single colour in the dark half of `light-dark` was written without a third part.
      throw new Error(`--${found[1]} is not a pair of opaque colours`);
    }
    pairs.set(found[1] ?? '', { light: [l1 ?? 0, c1 ?? 0, h1 ?? 0], dark: [l2 ?? 0, c2 ?? 0, h2] });
  }
  return pairs;
}

const root = readPairs(
  css.slice(0, css.indexOf(':root[data-theme')).replace(/--(hover|pressed|scrim|float)[^;]*;/g, ''),
);
const accents = ACCENTS.map((accent) => {
  const start = css.indexOf(`[data-accent="${accent}"]`);
  return { accent, tokens: readPairs(css.slice(start, css.indexOf('}', start))) };
});

function get(tokens: Map<string, Pair>, name: string): Pair {
  const pair = tokens.get(name);
  if (pair === undefined) throw new Error(`There is no token --${name}`);
  return pair;
}

function expectContrast(options: { ink: Pair; ground: Pair; least: number; what: string }): void {
  for (const theme of ['light', 'dark'] as const) {
    const contrast = toContrast(options.ink[theme], options.ground[theme]);
    expect(contrast, `${options.what} in ${theme}: ${contrast.toFixed(2)}`).toBeGreaterThanOrEqual(options.least);
  }
}

const GROUNDS = ['canvas', 'surface', 'raised', 'sunken'];

describe('contrast of the tokens', () => {
  it.each(['ink', 'ink-2', 'ink-3', 'waiting', 'failed', 'done', 'added', 'removed'])(
    '%s reads on every ground',
    (name) => {
      for (const ground of GROUNDS) {
        expectContrast({ ink: get(root, name), ground: get(root, ground), least: 4.5, what: `${name} on ${ground}` });
      }
    },
  );

  it.each(['waiting', 'failed', 'added', 'removed'])('%s reads on its own soft ground, and so does ink', (name) => {
    const ground = get(root, `${name}-soft`);
    expectContrast({ ink: get(root, name), ground, least: 4.5, what: `${name} on its soft` });
    expectContrast({ ink: get(root, 'ink'), ground, least: 7, what: `ink on ${name}-soft` });
  });

  it('shows the edge of every field at 3:1', () => {
    for (const ground of ['surface', 'raised']) {
      const edge = get(root, 'line-control');
      expectContrast({ ink: edge, ground: get(root, ground), least: 3, what: `line-control on ${ground}` });
    }
  });

  it.each(accents)('$accent reads as text, on its soft ground and under its own ink', ({ tokens }) => {
    const accent = get(tokens, 'accent');
    for (const ground of GROUNDS) {
      expectContrast({ ink: accent, ground: get(root, ground), least: 4.5, what: `accent on ${ground}` });
    }
    expectContrast({ ink: accent, ground: get(tokens, 'accent-soft'), least: 4.5, what: 'accent on its soft' });
    expectContrast({ ink: get(tokens, 'accent-ink'), ground: accent, least: 4.5, what: 'ink on accent' });
    const fill = get(tokens, 'accent-fill');
    expectContrast({ ink: get(tokens, 'accent-fill-ink'), ground: fill, least: 4.5, what: 'ink on the fill' });
  });
});

it('knows black from white', () => {
  expect(toContrast([0, 0, 0], [1, 0, 0])).toBeCloseTo(21, 1);
});
