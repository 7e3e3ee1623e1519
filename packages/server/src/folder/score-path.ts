/**
 * How well a path fits what was typed (`wanted`, lower case); absent when its letters do not come in order.
 * A hit in the file's name beats one in its folders, a whole word beats scattered letters, a short path beats a long one.
 */
export function scorePath(path: string, wanted: string): number | undefined {
  if (wanted === '') return -path.split('/').length * 10 - path.length / 100;
  const lower = path.toLowerCase();
  const name = lower.slice(lower.lastIndexOf('/') + 1);
  const length = path.length / 100;
  if (name === wanted) return 1000 - length;
  if (name.startsWith(wanted)) return 800 - length;
  if (name.includes(wanted)) return 600 - length;
  if (lower.includes(wanted)) return 400 - length;
  const gaps = countGaps(lower, wanted);
  return gaps === undefined ? undefined : 200 - gaps * 5 - length;
}

// Letters in order; each jump over others costs.
function countGaps(text: string, wanted: string): number | undefined {
  let gaps = 0;
  let from = 0;
  for (const letter of wanted) {
    const at = text.indexOf(letter, from);
    if (at === -1) return undefined;
    if (at !== from && from > 0) gaps += 1;
    from = at + letter.length;
  }
  return gaps;
}
