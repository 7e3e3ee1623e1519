export type TooltipSide = 'top' | 'right' | 'bottom' | 'left';

/**
 * The attributes by which the one tooltip of the page knows what to say about a control. It says more than the control's
 * own accessible name, and nothing that is needed.
 */
export function toTooltipProps(label: string, keyHint?: string, side: TooltipSide = 'bottom') {
  return { 'data-tip': label, 'data-tip-keys': keyHint, 'data-tip-side': side };
}
