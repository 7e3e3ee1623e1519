/** What the doctor found in one place. `mend` says how, wherever something is wrong. */
export interface Finding {
  id: string;
  title: string;
  status: 'good' | 'advice' | 'bad';
  detail: string;
  mend?: string;
}

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
