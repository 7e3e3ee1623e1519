import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  ACCENTS,
  createLookStore,
  DEFAULT_LOOK,
  DENSITIES,
  formatLook,
  parseLook,
  TEXT_SCALES,
  THEMES,
} from './look.ts';

it('reads back what it wrote', () => {
  const look = { theme: 'dark', accent: 'plum', density: 'compact', textScale: '1.25' } as const;
  expect(parseLook(formatLook(look))).toEqual(look);
});

it('takes the default for what it does not know', () => {
  expect(parseLook(undefined)).toEqual(DEFAULT_LOOK);
  expect(parseLook('dark neon')).toEqual({ ...DEFAULT_LOOK, theme: 'dark' });
});

it('stores, applies and tells every change', () => {
  let line: string | undefined;
  const applied: string[] = [];
  const store = createLookStore({
    stored: {
      get: () => line,
      set: (text) => {
        line = text;
      },
    },
    apply: (look) => applied.push(look.theme),
  });
  let told = 0;
  store.subscribe(() => {
    told += 1;
  });
  store.change({ theme: 'dark' });
  expect(line).toBe('dark teal comfortable 1');
  expect(applied).toEqual(['dark']);
  expect(told).toBe(1);
});

it('agrees with the script that runs before the first paint', () => {
  const script = readFileSync(new URL('../../public/start.js', import.meta.url), 'utf8');
  for (const word of [...THEMES, ...ACCENTS, ...DENSITIES]) expect(script).toContain(`'${word}'`);
  for (const scale of TEXT_SCALES.filter((value) => value !== '1')) expect(script).toContain(`'${scale}'`);
});
