import { dirname, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Where a linted file stands in the repository. `package` is undefined outside `packages/`. */
export interface Place {
  /** From the root, with forward slashes. */
  path: string;
  package: string | undefined;
  isTest: boolean;
}

export function toPlace(filename: string): Place {
  const path = relative(ROOT, filename).split(sep).join('/');
  const [top, name] = path.split('/');
  return {
    path,
    package: top === 'packages' ? name : undefined,
    isTest: isTestPath(path),
  };
}

// Tests, and what only tests use: fixtures, the folder `test`, benchmarks.
function isTestPath(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || /\/(test|bench|__fixtures__)\//.test(path);
}

/** The repository path that a relative import of `place` points to. */
export function resolveImport(place: Place, source: string): string {
  return posix.normalize(posix.join(dirname(place.path), source));
}
