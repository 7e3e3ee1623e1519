import type { EventOf } from '@baton/protocol';
import type { Change } from '../ports/backend.ts';

const FIELDS = ['model', 'mode', 'effort'] as const;
type Field = (typeof FIELDS)[number];

/**
 * What an agent has for its model, mode and effort, and what it is being asked to take.
 *
 * Who asks for a setting is ahead of an agent that has not taken it yet: what it still says about that setting is of before,
 * and in the log it would contradict what it is about to do.
 */
export class AgentSettings {
  readonly #asked = new Map<Field, number>();
  readonly #known = new Map<Field, string>();

  /** What of the agent's own word is news; undefined: nothing. */
  hear(report: EventOf<'session.configured'>): EventOf<'session.configured'> | undefined {
    for (const field of FIELDS) this.#learn(field, report[field]);
    return withoutSettings(report, (field) => this.#asked.has(field));
  }

  /** A change goes out to the agent; `before` is what the log had. */
  ask(change: Change, before: Change): void {
    for (const field of toFields(change)) {
      if (!this.#known.has(field)) this.#learn(field, before[field]);
      this.#asked.set(field, (this.#asked.get(field) ?? 0) + 1);
    }
  }

  taken(change: Change): void {
    for (const field of toFields(change)) this.#learn(field, change[field]);
    this.#settle(change);
  }

  /** What the agent has instead, as far as that is known and nothing else was asked for since. */
  refused(change: Change): Change {
    this.#settle(change);
    const back = toFields(change).filter((field) => !this.#asked.has(field) && this.#known.has(field));
    return Object.fromEntries(back.map((field) => [field, this.#known.get(field)]));
  }

  #learn(field: Field, value: string | undefined): void {
    if (value !== undefined) this.#known.set(field, value);
  }

  #settle(change: Change): void {
    for (const field of toFields(change)) {
      const left = (this.#asked.get(field) ?? 1) - 1;
      if (left === 0) this.#asked.delete(field);
      else this.#asked.set(field, left);
    }
  }
}

/** The agent's word without settings that are out of date; undefined when nothing is left of it. */
export function withoutSettings(
  report: EventOf<'session.configured'>,
  isOutOfDate: (field: Field) => boolean,
): EventOf<'session.configured'> | undefined {
  const late = toFields(report).filter(isOutOfDate);
  if (late.length === 0) return report;
  const rest = Object.fromEntries(Object.entries(report).filter(([key]) => !late.some((field) => field === key)));
  const left: EventOf<'session.configured'> = { ...rest, type: report.type, by: report.by };
  return Object.keys(left).length > 2 ? left : undefined;
}

function toFields(change: Change): Field[] {
  return FIELDS.filter((field) => change[field] !== undefined);
}
