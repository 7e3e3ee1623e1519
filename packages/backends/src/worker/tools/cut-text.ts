export interface CutText {
  text: string;
  /** Characters left out; 0 when nothing was. */
  cut: number;
}

/** At most `max` characters: a third from the beginning, the rest from the end, where results usually are. */
export function cutMiddle(text: string, max: number): CutText {
  if (text.length <= max) return { text, cut: 0 };
  const head = text.slice(0, Math.floor(max / 3));
  const tail = text.slice(text.length - (max - head.length));
  return { text: `${head}\n[…]\n${tail}`, cut: text.length - max };
}

export const withCut = (cut: number): { cut?: number } => (cut > 0 ? { cut } : {});
