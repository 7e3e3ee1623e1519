import type { Finding } from '@baton/protocol';

export type { Finding };

export function good(id: string, title: string, detail: string): Finding {
  return { id, title, status: 'good', detail };
}

/** Works, and could be better. */
export function advice(at: { id: string; title: string }, detail: string, mend: string): Finding {
  return { ...at, status: 'advice', detail, mend };
}

/** Does not work until it is mended. */
export function bad(at: { id: string; title: string }, detail: string, mend: string): Finding {
  return { ...at, status: 'bad', detail, mend };
}
