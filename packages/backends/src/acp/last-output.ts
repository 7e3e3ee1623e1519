/** The end of what a command prints, in at most `limit` bytes of UTF-8. Adding costs what is added, however much there is. */
export interface LastOutput {
  add(text: string): void;
  /** `isCut`: there was more before. */
  read(): { text: string; isCut: boolean };
}

export function createLastOutput(limit: number): LastOutput {
  let parts: Buffer[] = [];
  let size = 0;
  let isCut = false;

  return {
    add(text) {
      const bytes = Buffer.from(text);
      parts.push(bytes);
      size += bytes.length;
      // Not at each line, for what is moved then is all that there is.
      if (size > 2 * limit + bytes.length) keepEnd();
    },
    read() {
      keepEnd();
      return { text: Buffer.concat(parts).toString('utf8'), isCut };
    },
  };

  function keepEnd(): void {
    const all = Buffer.concat(parts, size);
    let from = Math.max(0, size - limit);
    if (from > 0) isCut = true;
    // Not in the middle of a character: those bytes would be read as something else.
    while (from < size && ((all[from] ?? 0) & 0xc0) === 0x80) from += 1;
    parts = [Buffer.from(all.subarray(from))];
    size -= from;
  }
}
