import { hash } from 'node:crypto';
import { ID_PREFIXES, type ItemId, type TurnId, itemIdSchema, turnIdSchema } from '@baton/protocol';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * Ids of ours for the parts of a stored conversation: the same for the same names, read again or read elsewhere. They look
 * and sort like minted ones: time first, then a hash where chance would be. A name that comes twice gets two ids.
 */
export interface StoredIds {
  turn(name: string, at: number): TurnId;
  item(name: string, at: number): ItemId;
}

export function createStoredIds(nativeId: string): StoredIds {
  const used = new Map<string, number>();

  function suffix(kind: 'turn' | 'item', name: string, at: number): string {
    const key = `${kind}\n${name}`;
    const count = used.get(key) ?? 0;
    used.set(key, count + 1);
    const digest = hash('sha256', `${nativeId}\n${key}\n${count}`, 'hex');
    // 80 bits, in two halves of 40: numbers are exact up to 53.
    const [high, low] = [Number.parseInt(digest.slice(0, 10), 16), Number.parseInt(digest.slice(10, 20), 16)];
    const time = toLetters(Math.max(0, Math.trunc(at)), 10);
    return `${ID_PREFIXES[kind]}_${time}${toLetters(high, 8)}${toLetters(low, 8)}`;
  }

  return {
    turn: (name, at) => turnIdSchema.parse(suffix('turn', name, at)),
    item: (name, at) => itemIdSchema.parse(suffix('item', name, at)),
  };
}

function toLetters(value: number, length: number): string {
  let rest = value;
  let text = '';
  for (let index = 0; index < length; index += 1) {
    text = (ALPHABET[rest % 32] ?? '') + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
