import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export interface CappedFile {
  /** Never throws: a log that cannot be written must not stop the work. */
  write(line: string): void;
  close(): void;
}

export interface CappedFileOptions {
  path: string;
  /** A file is never larger, save for one line that is longer than this by itself. */
  maxBytes: number;
  /** How many older files are kept, as `<path>.1` (newest) and on. */
  keep: number;
}

/** Appends lines to a file that is turned over before it passes its cap. Written at once, so a crash loses no line. */
export function openCappedFile(options: CappedFileOptions): CappedFile {
  let descriptor: number | undefined;
  let size = 0;

  function open(): number {
    mkdirSync(dirname(options.path), { recursive: true, mode: 0o700 });
    const opened = openSync(options.path, 'a', 0o600);
    size = fstatSync(opened).size;
    return opened;
  }

  // Half a line would spoil the next one, too.
  function append(to: number, line: string, bytes: number): void {
    if (writeSync(to, line) === bytes) return;
    ftruncateSync(to, size);
    throw new Error('The disk is full');
  }

  function turnOver(): void {
    close();
    rmSync(`${options.path}.${options.keep}`, { force: true });
    for (let index = options.keep - 1; index >= 0; index -= 1) {
      const from = index === 0 ? options.path : `${options.path}.${index}`;
      renameIfThere(from, `${options.path}.${index + 1}`);
    }
  }

  function close(): void {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  }

  return {
    write(line) {
      const bytes = Buffer.byteLength(line);
      try {
        descriptor ??= open();
        if (size > 0 && size + bytes > options.maxBytes) {
          turnOver();
          descriptor = open();
        }
        append(descriptor, line, bytes);
        size += bytes;
      } catch {
        // Disk full or folder gone: the next line tries again from the start.
        try {
          close();
        } catch {
          descriptor = undefined;
        }
      }
    },
    close,
  };
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
  }
}
