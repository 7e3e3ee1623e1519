import { createStoredValue, type StoredValue } from '../ui/stored-value.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export const ACCENTS = ['teal', 'blue', 'moss', 'plum', 'graphite'] as const;
export const DENSITIES = ['comfortable', 'compact'] as const;
export const TEXT_SCALES = ['1', '1.125', '1.25', '1.5'] as const;

export interface Look {
  theme: (typeof THEMES)[number];
  accent: (typeof ACCENTS)[number];
  density: (typeof DENSITIES)[number];
  textScale: (typeof TEXT_SCALES)[number];
}

export const DEFAULT_LOOK: Look = { theme: 'system', accent: 'teal', density: 'comfortable', textScale: '1' };

/** The line in storage, `dark teal compact 1`, which `public/start.js` reads too. What it does not know becomes the default. */
export function parseLook(line: string | undefined): Look {
  const [theme, accent, density, textScale] = (line ?? '').split(' ');
  return {
    theme: oneOf(THEMES, theme) ?? DEFAULT_LOOK.theme,
    accent: oneOf(ACCENTS, accent) ?? DEFAULT_LOOK.accent,
    density: oneOf(DENSITIES, density) ?? DEFAULT_LOOK.density,
    textScale: oneOf(TEXT_SCALES, textScale) ?? DEFAULT_LOOK.textScale,
  };
}

export function formatLook(look: Look): string {
  return `${look.theme} ${look.accent} ${look.density} ${look.textScale}`;
}

function oneOf<const V extends string>(values: readonly V[], text: string | undefined): V | undefined {
  return values.find((value) => value === text);
}

export interface LookStore {
  get(): Look;
  subscribe(listener: () => void): () => void;
  change(part: Partial<Look>): void;
}

export function createLookStore(options: { stored: StoredValue; apply(look: Look): void }): LookStore {
  let look = parseLook(options.stored.get());
  const listeners = new Set<() => void>();
  return {
    get: () => look,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change(part) {
      look = { ...look, ...part };
      options.stored.set(formatLook(look));
      options.apply(look);
      for (const tell of listeners) tell();
    },
  };
}

const BAR_COLOURS = { light: '#f7f5f3', dark: '#110f0d' };

/** Writes the look to the page; `public/start.js` did the same before the first paint. */
export function applyLook(look: Look): void {
  const root = document.documentElement;
  root.dataset['theme'] = look.theme;
  root.dataset['accent'] = look.accent;
  root.dataset['density'] = look.density;
  root.style.fontSize = look.textScale === '1' ? '' : `${Number(look.textScale) * 100}%`;
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
    const own = meta.getAttribute('media')?.includes('dark') === true ? 'dark' : 'light';
    meta.setAttribute('content', BAR_COLOURS[look.theme === 'system' ? own : look.theme]);
  }
}

/** The look of this browser. */
export const lookStore = createLookStore({ stored: createStoredValue('look'), apply: applyLook });
