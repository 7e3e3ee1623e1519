export interface DiffLine {
  readonly kind: 'context' | 'added' | 'removed';
  /** Line in the file before; absent for an added line. */
  readonly before?: number;
  /** Line in the file after; absent for a removed line. */
  readonly after?: number;
  readonly text: string;
}

export interface DiffHunk {
  /** What the patch names as the place, such as the function's first line. */
  readonly section: string;
  readonly beforeStart: number;
  readonly afterStart: number;
  readonly lines: readonly DiffLine[];
}

const HEADER = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)$/s;
const KINDS: Readonly<Record<string, DiffLine['kind']>> = { '+': 'added', '-': 'removed', ' ': 'context' };

/** The hunks of one file's unified diff. Total: a patch that was cut in its middle gives what can be read. */
export function parsePatch(patch: string): DiffHunk[] {
  const hunks: { section: string; beforeStart: number; afterStart: number; lines: DiffLine[] }[] = [];
  let before = 0;
  let after = 0;
  const lines = patch.split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const raw of lines) {
    const header = HEADER.exec(raw);
    if (header !== null) {
      before = Number(header[1]);
      after = Number(header[2]);
      hunks.push({ section: header[3] ?? '', beforeStart: before, afterStart: after, lines: [] });
      continue;
    }
    // Some tools leave out the space of an empty context line.
    const kind = KINDS[raw === '' ? ' ' : raw.charAt(0)];
    const hunk = hunks.at(-1);
    if (kind === undefined || hunk === undefined) continue;
    const place = { ...(kind === 'added' ? {} : { before }), ...(kind === 'removed' ? {} : { after }) };
    hunk.lines.push({ kind, ...place, text: raw.slice(1).replace(/\r$/, '') });
    if (kind !== 'added') before += 1;
    if (kind !== 'removed') after += 1;
  }
  return hunks;
}

/** Whether the patch makes the file. */
export function isNewFile(patch: string): boolean {
  return /(?:^|\n)(?:--- \/dev\/null\r?(?:\n|$)|@@ -0,0 )/.test(patch);
}

/** The text of one side, for copying or colouring. */
export function toSide(lines: readonly DiffLine[], side: 'before' | 'after'): string {
  const other = side === 'before' ? 'added' : 'removed';
  return lines
    .filter((line) => line.kind !== other)
    .map((line) => line.text)
    .join('\n');
}
