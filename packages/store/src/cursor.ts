import { AppError, parseJson } from '@baton/protocol';
import { z } from 'zod';

const sessionCursorSchema = z.tuple([z.literal('s'), z.int(), z.int(), z.string()]);
const inboxCursorSchema = z.tuple([z.literal('i'), z.int()]);

/** Where a walk over sessions stands: it shows only what has not changed since change number `asOf`, the walk's start. */
export interface SessionCursor {
  asOf: number;
  /** Of the last session shown, in milliseconds since the epoch. */
  updatedAt: number;
  id: string;
}

export function toSessionCursor(cursor: SessionCursor): string {
  return encode(['s', cursor.asOf, cursor.updatedAt, cursor.id]);
}

export function parseSessionCursor(text: string): SessionCursor {
  const [, asOf, updatedAt, id] = decode(sessionCursorSchema, text);
  return { asOf, updatedAt, id };
}

/** `ordinal` of the last row shown; rows are numbered as they are made, so the walk goes down. */
export function toInboxCursor(ordinal: number): string {
  return encode(['i', ordinal]);
}

export function parseInboxCursor(text: string): number {
  return decode(inboxCursorSchema, text)[1];
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode<T>(schema: z.ZodType<T>, text: string): T {
  const parsed = parseJson(Buffer.from(text, 'base64url').toString());
  const result = schema.safeParse(parsed.ok ? parsed.value : undefined);
  if (result.success) return result.data;
  throw new AppError('invalid-input', 'Cannot continue the list: the cursor is not one of this list; ask without it', {
    issues: [{ path: 'cursor', message: 'not a cursor of this list' }],
  });
}
