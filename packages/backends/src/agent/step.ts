import type { AgentReport } from '@baton/core';
import type { createId } from '@baton/protocol';

/** Time and ids come in, so that the same messages always give the same reports. */
export interface TranslateContext {
  /** RFC 3339 UTC. */
  now: string;
  createId: typeof createId;
}

/** One translation under way: handlers replace `state` and push to `reports`; nothing outside sees it before it is done. */
export interface StepOf<State> {
  state: State;
  readonly reports: AgentReport[];
  readonly context: TranslateContext;
}

export interface TranslationOf<State> {
  state: State;
  reports: AgentReport[];
}

/** Runs `work` on a fresh step; the state it began with stays as it was. */
export function runStep<State>(
  state: State,
  context: TranslateContext,
  work: (step: StepOf<State>) => void,
): TranslationOf<State> {
  const step: StepOf<State> = { state, reports: [], context };
  work(step);
  return { state: step.state, reports: step.reports };
}

export function update<State>(step: StepOf<State>, change: Partial<State>): void {
  step.state = { ...step.state, ...change };
}

/** What a foreign id names in a record; `__proto__` and its like name nothing that was not put there. */
export function find<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

export function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  const { [key]: _, ...rest } = record;
  return rest;
}
