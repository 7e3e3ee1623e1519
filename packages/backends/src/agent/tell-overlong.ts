interface OverlongHooks {
  onOverflow(head: string): void;
  onOverlongLine(bytes: number): void;
}

/** Of a line of a command that is too long to be read whole, its beginning is told, and how long it was. */
export function tellOverlong(tell: (text: string) => void): OverlongHooks {
  let head = '';
  return {
    onOverflow(text) {
      // What came before it may not have been told yet.
      head = text;
    },
    onOverlongLine: (bytes) => tell(`${head}\n[that was the beginning of a line of ${bytes} bytes]\n`),
  };
}
