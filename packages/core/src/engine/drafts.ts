import type { DeltaField, ItemId, SessionEvent } from '@baton/protocol';
import type { ItemDelta } from '../ports/backend.ts';
import type { Draft } from '../ports/event-store.ts';

export interface Drafts {
  /** Follows items as they open and close. */
  apply(event: SessionEvent): void;
  /** Adds streamed text; answers its offset, or undefined when the item is not open. */
  append(delta: ItemDelta): number | undefined;
  read(itemId: ItemId, field: DeltaField): string | undefined;
  /** All fields of open items that have any text. */
  all(): Draft[];
  /** Those that grew since the last call. */
  takeDirty(): Draft[];
  /** Sets the text of these fields. */
  restore(drafts: readonly Draft[]): void;
  /** The same, and empties all others. */
  replace(drafts: readonly Draft[]): void;
}

interface Piece {
  text: string;
  isDirty: boolean;
}

/** The text so far of every open item of one session. */
export function createDrafts(): Drafts {
  const open = new Map<ItemId, Map<DeltaField, Piece>>();
  let dirty: { itemId: ItemId; field: DeltaField; piece: Piece }[] = [];

  function apply(event: SessionEvent): void {
    if (event.type === 'item.started') {
      const text = 'text' in event.item ? event.item.text : '';
      open.set(event.itemId, new Map(text === '' ? [] : [['text', { text, isDirty: false }]]));
    }
    if (event.type === 'item.ended') open.delete(event.itemId);
  }

  // Runs for every piece of text of every agent.
  function append({ itemId, field, text }: ItemDelta): number | undefined {
    const fields = open.get(itemId);
    if (fields === undefined) return undefined;
    const piece = fields.get(field) ?? { text: '', isDirty: false };
    const offset = piece.text.length;
    if (offset === 0) fields.set(field, piece);
    piece.text += text;
    if (!piece.isDirty) dirty.push({ itemId, field, piece });
    piece.isDirty = true;
    return offset;
  }

  function read(itemId: ItemId, field: DeltaField): string | undefined {
    return open.get(itemId)?.get(field)?.text;
  }

  function all(): Draft[] {
    return [...open].flatMap(([itemId, fields]) => [...fields].map(([field, { text }]) => ({ itemId, field, text })));
  }

  function takeDirty(): Draft[] {
    const taken = dirty.filter(({ itemId, field, piece }) => open.get(itemId)?.get(field) === piece);
    dirty = [];
    return taken.map(({ itemId, field, piece }) => {
      piece.isDirty = false;
      return { itemId, field, text: piece.text };
    });
  }

  function restore(drafts: readonly Draft[]): void {
    for (const { itemId, field, text } of drafts) open.get(itemId)?.set(field, { text, isDirty: false });
  }

  function replace(drafts: readonly Draft[]): void {
    for (const fields of open.values()) fields.clear();
    for (const { itemId, field, text } of drafts) append({ type: 'item.delta', itemId, field, text });
  }

  return { apply, append, read, all, takeDirty, restore, replace };
}
