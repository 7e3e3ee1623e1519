import type { TestModule } from 'vitest/node';

/** What a runner found. `reasons` has one line for each failure that is not a failing test of its own. */
export interface Tally {
  passed: number;
  failed: number;
  reasons: string[];
}

/** Only what the tally reads of a vitest module, so that its tests need no vitest run. */
export interface CountedModule {
  relativeModuleId: string;
  children: { allTests(): Iterable<{ fullName: string; result(): { state: string } }> };
  errors(): readonly { message: string }[];
}

/**
 * Counts a run. A skipped test, a test marked `todo`, a file without a test, a file that does not load and an error
 * outside every test all count as failed: each is a place where something is not proven.
 */
export function toTally(modules: readonly CountedModule[], unhandled: readonly unknown[]): Tally {
  const tally: Tally = { passed: 0, failed: 0, reasons: [] };
  for (const module of modules) countModule(module, tally);
  for (const error of unhandled) {
    tally.failed += 1;
    tally.reasons.push(`error outside a test: ${toMessage(error)}`);
  }
  return tally;
}

function countModule(module: CountedModule, tally: Tally): void {
  let tests = 0;
  for (const test of module.children.allTests()) {
    tests += 1;
    const { state } = test.result();
    if (state === 'passed') tally.passed += 1;
    else tally.failed += 1;
    if (state === 'skipped' || state === 'pending') {
      tally.reasons.push(`${module.relativeModuleId}: "${test.fullName}" did not run (${state})`);
    }
  }
  for (const error of module.errors()) {
    tally.failed += 1;
    tally.reasons.push(`${module.relativeModuleId}: ${error.message}`);
  }
  if (tests === 0 && module.errors().length === 0) {
    tally.failed += 1;
    tally.reasons.push(`${module.relativeModuleId}: no test in this file`);
  }
}

function toMessage(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return String(error);
}

/** A vitest module is a counted module: the compiler checks it here. */
export function toCounted(module: TestModule): CountedModule {
  return module;
}
