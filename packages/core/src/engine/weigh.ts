/** About how large a value is in memory: the characters of all its texts. Quick for what is small. */
export function weigh(value: unknown): number {
  let weight = 0;
  const waiting = [value];
  for (let next = waiting.pop(); waiting.length > 0 || next !== undefined; next = waiting.pop()) {
    if (typeof next === 'string') weight += next.length;
    else if (typeof next === 'object' && next !== null) waiting.push(...Object.values(next));
  }
  return weight;
}
