/** Below zero when `one` is older. Compares numbers only; what follows them (`-beta.1`) does not count. */
export function compareVersions(one: string, other: string): number {
  const [left, right] = [toNumbers(one), toNumbers(other)];
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function toNumbers(version: string): number[] {
  return (/\d+(?:\.\d+)*/.exec(version)?.[0] ?? '').split('.').map(Number);
}

/** The oldest version that a range such as `^20.19.0 || >=22.12.0` takes; undefined when it names none. */
export function toOldest(range: string): string | undefined {
  const versions = range.match(/(?<![<.\d]\s*=?\s*)\b\d+(?:\.\d+)*/g) ?? [];
  return versions.toSorted(compareVersions)[0];
}
