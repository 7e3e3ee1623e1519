/** What processes that belong to no session are there for, in words, by the name they are marked with. */
export function toProcessTitle(marker: string): string {
  const installed = /^install-(.+)$/.exec(marker)?.[1];
  if (installed !== undefined) return `Installation of ${installed}`;
  return marker === 'newest-version' ? 'Look for newer versions' : marker;
}
