export interface TarFile {
  /** ASCII, at most 100 characters. */
  name: string;
  text: string;
}

const BLOCK = 512;

/** A tar archive (ustar) of text files that only their owner may read. `at` is the time they get, in epoch milliseconds. */
export function toTar(files: readonly TarFile[], at: number): Buffer {
  const parts = files.flatMap(({ name, text }) => {
    const body = Buffer.from(text);
    return [toHeader({ name, size: body.length, at }), body, Buffer.alloc((BLOCK - (body.length % BLOCK)) % BLOCK)];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

function toHeader({ name, size, at }: { name: string; size: number; at: number }): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0');
  header.write(name.slice(0, 100), 0, 'ascii');
  header.write(`${octal(0o600, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100, 'ascii');
  header.write(`${octal(size, 11)}\0${octal(Math.floor(at / 1000), 11)}\0`, 124, 'ascii');
  // The sum is taken as if its own field were blank.
  header.write('        0', 148, 'ascii');
  header.write('ustar\x0000', 257, 'ascii');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148, 'ascii');
  return header;
}
