/** A place in a conversation: the message after which it goes on. */
export interface Point {
  /** Absent where a conversation was read from its transcript: it is the one the session has. */
  nativeId: string | undefined;
  messageId: string;
}

/**
 * The conversation is named too, because a session can be in several one after another (`/clear`, going back), and each
 * keeps the messages that were written in it.
 */
export function toPoint(nativeId: string, messageId: string): string {
  return `${nativeId}:${messageId}`;
}

export function parsePoint(point: string): Point {
  const at = point.lastIndexOf(':');
  return at === -1
    ? { nativeId: undefined, messageId: point }
    : { nativeId: point.slice(0, at), messageId: point.slice(at + 1) };
}
