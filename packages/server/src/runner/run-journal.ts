import { type AgentReport, createDrafts, type Draft } from '@baton/core';
import type { TurnId } from '@baton/protocol';

/** One thing that a run said. */
export type Said = { number: number /** About, in characters. */; size: number } & What;

type What = { report: AgentReport } | { restart: TurnId };

/**
 * What a run has said and the log has not taken down yet, so that it can be said again to the next server. Pure.
 *
 * Numbers grow from 1. Streamed text that follows on itself is kept as one, under the last of its numbers; a log never stops
 * in the middle of it, because only what is not streamed is taken down.
 */
export class RunJournal {
  readonly #drafts = createDrafts();
  #kept: Said[] = [];
  #number = 0;
  #size = 0;
  #takenDown = 0;

  /** About how much is kept, in characters. */
  get size(): number {
    return this.#size;
  }

  /** The last number that a log said to have: what came before it is not kept. */
  get takenDown(): number {
    return this.#takenDown;
  }

  /** Keeps it, and answers its number. */
  add(what: What): number {
    const size = 'report' in what ? toSize(what.report) : 0;
    this.#number += 1;
    this.#size += size;
    const number = this.#number;
    const last = this.#kept.at(-1);
    const joined = last && 'report' in last && 'report' in what ? join(last.report, what.report) : undefined;
    if (last !== undefined && joined !== undefined) {
      this.#kept[this.#kept.length - 1] = { report: joined, number, size: last.size + size };
    } else {
      this.#kept.push({ ...what, number, size });
    }
    return number;
  }

  /** The log has all up to this number. */
  recorded(number: number): void {
    this.#takenDown = Math.max(this.#takenDown, number);
    const end = this.#kept.findIndex((said) => said.number > number);
    const gone = this.#kept.splice(0, end === -1 ? this.#kept.length : end);
    for (const said of gone) {
      this.#size -= said.size;
      if ('report' in said) this.#fold(said.report);
    }
  }

  /** What a log that has all up to this number needs to go on: the text of its open items, and what was said since. */
  resume(after: number): { drafts: Draft[]; said: readonly Said[] } {
    this.recorded(after);
    return { drafts: this.#drafts.all(), said: this.#kept };
  }

  #fold(report: AgentReport): void {
    if (report.type === 'item.delta') this.#drafts.append(report);
    else if (report.type === 'item.started' || report.type === 'item.ended') this.#drafts.apply(report);
  }
}

function toSize(report: AgentReport): number {
  return report.type === 'item.delta' ? report.text.length : JSON.stringify(report).length;
}

function join(last: AgentReport, next: AgentReport): AgentReport | undefined {
  if (last.type !== 'item.delta' || next.type !== 'item.delta') return undefined;
  if (last.itemId !== next.itemId || last.field !== next.field) return undefined;
  return { ...last, text: last.text + next.text };
}
