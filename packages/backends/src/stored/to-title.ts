const MAX_TITLE = 100;

/** One line for a list; undefined when there is nothing to show. */
export function toTitle(text: string | undefined): string | undefined {
  const line = (text ?? '').slice(0, 2000).replace(/\s+/g, ' ').trim();
  if (line === '') return undefined;
  return line.length > MAX_TITLE ? `${line.slice(0, MAX_TITLE - 1)}…` : line;
}
