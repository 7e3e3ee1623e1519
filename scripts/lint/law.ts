// The import law, as a table. `ARCHITECTURE.md` says why; `import-law.ts` enforces it.

export interface PackageLaw {
  /** The packages of this repository that its code may import. */
  imports: readonly string[];
  /** `any`: runs in browsers too, so no built-in modules of Node. */
  runtime: 'any' | 'node';
}

export const LAW: Readonly<Record<string, PackageLaw>> = {
  protocol: { imports: [], runtime: 'any' },
  core: { imports: ['protocol'], runtime: 'any' },
  runner: { imports: ['protocol'], runtime: 'node' },
  store: { imports: ['core', 'protocol'], runtime: 'node' },
  backends: { imports: ['core', 'protocol', 'runner'], runtime: 'node' },
  features: { imports: ['core', 'protocol'], runtime: 'node' },
  rehearsal: { imports: ['protocol'], runtime: 'node' },
  client: { imports: ['core', 'protocol'], runtime: 'any' },
  server: { imports: ['backends', 'core', 'features', 'protocol', 'rehearsal', 'runner', 'store'], runtime: 'node' },
  web: { imports: ['client', 'core', 'protocol'], runtime: 'any' },
  cli: { imports: ['client', 'protocol', 'rehearsal', 'server'], runtime: 'node' },
  testkit: { imports: ['core', 'protocol', 'runner'], runtime: 'node' },
};

/** What the tests of every package may import beside that: suites, the memory store as the double, models to talk to. */
export const TEST_IMPORTS: readonly string[] = ['testkit', 'store', 'rehearsal', 'protocol', 'core'];

/** Packages of adapters: their values are named in the composition root and nowhere else. */
export const ADAPTERS: readonly string[] = ['store', 'backends', 'features'];
export const COMPOSITION_ROOT: readonly string[] = ['', '-backends', '-data', '-features', '-history-thread'].map(
  (part) => `packages/server/src/compose${part}.ts`,
);

/** Folders whose code computes and does nothing else: no time, no chance, no waiting, no machine. */
export const PURE_FOLDERS: readonly string[] = [
  'packages/core/src/session',
  'packages/core/src/approval',
  'packages/core/src/projection',
];
