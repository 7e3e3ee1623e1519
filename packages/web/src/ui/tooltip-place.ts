import type { TooltipSide } from './tooltip-props.ts';

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const GAP = 6;
const MARGIN = 8;

/** Where a tooltip stands: at its side of the control, on the other when there is no room, never out of the window. */
export function toTooltipPlace(options: {
  control: Box;
  tip: { width: number; height: number };
  side: TooltipSide;
  window: { width: number; height: number };
}): { left: number; top: number } {
  const { control, tip, window } = options;
  const side = hasRoom(options) ? options.side : OPPOSITE[options.side];
  const centreX = control.left + control.width / 2 - tip.width / 2;
  const centreY = control.top + control.height / 2 - tip.height / 2;
  const left =
    side === 'left' ? control.left - tip.width - GAP : side === 'right' ? control.left + control.width + GAP : centreX;
  const top =
    side === 'top' ? control.top - tip.height - GAP : side === 'bottom' ? control.top + control.height + GAP : centreY;
  return {
    left: clamp(left, MARGIN, window.width - tip.width - MARGIN),
    top: clamp(top, MARGIN, window.height - tip.height - MARGIN),
  };
}

const OPPOSITE: Record<TooltipSide, TooltipSide> = { top: 'bottom', bottom: 'top', left: 'right', right: 'left' };

function hasRoom({ control, tip, side, window }: Parameters<typeof toTooltipPlace>[0]): boolean {
  const need = (side === 'top' || side === 'bottom' ? tip.height : tip.width) + GAP + MARGIN;
  const room = {
    top: control.top,
    left: control.left,
    bottom: window.height - control.top - control.height,
    right: window.width - control.left - control.width,
  };
  return room[side] >= need;
}

function clamp(value: number, min: number, max: number): number {
  return Math.round(Math.max(min, Math.min(max, value)));
}
