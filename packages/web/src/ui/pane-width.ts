export interface PaneLimits {
  min: number;
  max: number;
  /** Width before anyone dragged, and after a double click on the edge. */
  initial: number;
}

export function clampWidth(width: number, { min, max }: PaneLimits): number {
  return Math.round(Math.min(max, Math.max(min, width)));
}

/** A stored width; anything that is not a number in range gives the initial one. */
export function parseWidth(text: string | undefined, limits: PaneLimits): number {
  const width = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(width) ? clampWidth(width, limits) : limits.initial;
}

const STEP = 16;

/** The width after a key on the edge, or undefined when the key means nothing there. */
export function toKeyedWidth(
  key: string,
  width: number,
  options: PaneLimits & { side: 'left' | 'right' },
): number | undefined {
  const grow = options.side === 'left' ? 'ArrowRight' : 'ArrowLeft';
  const shrink = options.side === 'left' ? 'ArrowLeft' : 'ArrowRight';
  if (key === grow) return clampWidth(width + STEP, options);
  if (key === shrink) return clampWidth(width - STEP, options);
  if (key === 'Home') return options.min;
  if (key === 'End') return options.max;
  return undefined;
}
