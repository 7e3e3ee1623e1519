import type { DeltaField, ItemId } from '@baton/protocol';
import type { AgentReport, ItemDelta } from '../ports/backend.ts';

/** Streamed text of one item, and of all open ones together, in characters. The end of an item brings all of it. */
export const MAX_STREAMED = 8 * 1024 * 1024;
const MAX_STREAMED_IN_ALL = 4 * MAX_STREAMED;

const CUT = '\n[there is more; what is whole comes with the end of this item]\n';

/**
 * Keeps what streams within bounds, since all of it is held in memory until its item ends: what is beyond them is left out,
 * and said to be. Everything else passes as it is.
 */
export class StreamCap {
  readonly #streamed = new Map<ItemId, Map<DeltaField, { taken: number; isFull: boolean }>>();
  #inAll = 0;

  /** The report as it may be told; undefined for none of it. */
  take(report: AgentReport): AgentReport | undefined {
    if (report.type === 'item.delta') return this.#takeDelta(report);
    if (report.type === 'item.ended') this.#forget(report.itemId);
    return report;
  }

  #takeDelta(delta: ItemDelta): ItemDelta | undefined {
    const streamed = this.#find(delta);
    if (streamed.isFull) return undefined;
    const room = Math.max(0, Math.min(MAX_STREAMED - streamed.taken, MAX_STREAMED_IN_ALL - this.#inAll));
    const text = delta.text.length > room ? delta.text.slice(0, room) : delta.text;
    streamed.isFull = text.length < delta.text.length;
    streamed.taken += text.length;
    this.#inAll += text.length;
    return streamed.isFull ? { ...delta, text: text + CUT } : delta;
  }

  #find({ itemId, field }: ItemDelta): { taken: number; isFull: boolean } {
    const fields = this.#streamed.get(itemId) ?? new Map<DeltaField, { taken: number; isFull: boolean }>();
    this.#streamed.set(itemId, fields);
    const streamed = fields.get(field) ?? { taken: 0, isFull: false };
    fields.set(field, streamed);
    return streamed;
  }

  #forget(itemId: ItemId): void {
    for (const { taken } of this.#streamed.get(itemId)?.values() ?? []) this.#inAll -= taken;
    this.#streamed.delete(itemId);
  }
}
