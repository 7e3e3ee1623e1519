const GAP = 4;
const MARGIN = 8;
/** Less room than this below sends it above, when there is more there. */
const LEAST = 180;

/** Styles that hang a panel on a field: below it, or above when there is too little room below and more above. */
export function toFloatPlace(field: {
  left: number;
  top: number;
  bottom: number;
  width: number;
  maxHeight: number;
  windowHeight: number;
}): { left: string; width: string; top: string; bottom: string; maxHeight: string } {
  const below = field.windowHeight - field.bottom - GAP - MARGIN;
  const above = field.top - GAP - MARGIN;
  const isAbove = below < LEAST && above > below;
  return {
    left: `${field.left}px`,
    width: `${field.width}px`,
    top: isAbove ? 'auto' : `${field.bottom + GAP}px`,
    bottom: isAbove ? `${field.windowHeight - field.top + GAP}px` : 'auto',
    maxHeight: `${Math.max(0, Math.min(field.maxHeight, isAbove ? above : below))}px`,
  };
}
