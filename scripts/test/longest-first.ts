import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Suites by how long they take, the longest kinds first; what fits none of them is short. */
const LONGEST: readonly RegExp[] = [
  /\/e2e\/behaviour\/(opencode|opencode-acp|qwen)\./,
  /\/e2e\/behaviour\/gemini\./,
  /\/e2e\/.*\.agent\.test\.ts$/,
  /\/e2e\/.*\.browser\.test\.ts$/,
  /\.agent\.test\.ts$/,
  /\/e2e\//,
];

/** How early a file is run: 0 is first. */
export function toRank(path: string): number {
  const at = LONGEST.findIndex((pattern) => pattern.test(path));
  return at === -1 ? LONGEST.length : at;
}

/**
 * The long suites first, so that the last minutes are many short ones and no worker is left alone with a long one. Vitest
 * itself goes by the size of the files until it has run them once, and those of the agents are three lines each.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((left, right) => toRank(left.moduleId) - toRank(right.moduleId));
  }
}
