import { describe, expect, it } from 'vitest';
import { toFloatPlace } from './float-place.ts';
import { clampWidth, parseWidth, toKeyedWidth } from './pane-width.ts';
import { toTooltipPlace } from './tooltip-place.ts';

const WINDOW = { width: 400, height: 300 };
const TIP = { width: 100, height: 24 };

describe('toTooltipPlace', () => {
  const control = { left: 180, top: 100, width: 40, height: 40 };
  it('stands in the middle of its side', () => {
    expect(toTooltipPlace({ control, tip: TIP, side: 'bottom', window: WINDOW })).toEqual({ left: 150, top: 146 });
    expect(toTooltipPlace({ control, tip: TIP, side: 'right', window: WINDOW })).toEqual({ left: 226, top: 108 });
  });

  it('goes to the other side without room, and never leaves the window', () => {
    const low = { ...control, top: 270, height: 20 };
    expect(toTooltipPlace({ control: low, tip: TIP, side: 'bottom', window: WINDOW }).top).toBe(240);
    const corner = { left: 0, top: 0, width: 20, height: 20 };
    expect(toTooltipPlace({ control: corner, tip: TIP, side: 'bottom', window: WINDOW }).left).toBe(8);
  });
});

describe('toFloatPlace', () => {
  const field = { left: 10, width: 200, maxHeight: 320, windowHeight: 800 };
  it('hangs below, no higher than there is room', () => {
    const place = toFloatPlace({ ...field, top: 300, bottom: 332 });
    expect(place).toEqual({ left: '10px', width: '200px', top: '336px', bottom: 'auto', maxHeight: '320px' });
    expect(toFloatPlace({ ...field, top: 500, bottom: 532 }).maxHeight).toBe('256px');
  });

  it('stands above when there is too little below', () => {
    const place = toFloatPlace({ ...field, top: 700, bottom: 732 });
    expect(place.top).toBe('auto');
    expect(place.bottom).toBe('104px');
  });
});

describe('the width of a column', () => {
  const limits = { min: 200, max: 400, initial: 264 };
  it('reads what was stored and nothing else', () => {
    expect(parseWidth('300', limits)).toBe(300);
    expect(parseWidth('9999', limits)).toBe(400);
    expect(parseWidth('wide', limits)).toBe(264);
    expect(parseWidth(undefined, limits)).toBe(264);
    expect(clampWidth(10, limits)).toBe(200);
  });

  it('moves with the arrows, away from its own edge', () => {
    expect(toKeyedWidth('ArrowRight', 264, { ...limits, side: 'left' })).toBe(280);
    expect(toKeyedWidth('ArrowRight', 264, { ...limits, side: 'right' })).toBe(248);
    expect(toKeyedWidth('End', 264, { ...limits, side: 'left' })).toBe(400);
    expect(toKeyedWidth('a', 264, { ...limits, side: 'left' })).toBeUndefined();
  });
});
