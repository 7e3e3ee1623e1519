import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { parseJson } from '@baton/protocol';
import { openRegular } from '../agent/open-regular.ts';
import { toReadFault } from './read-fault.ts';
import { type Pace, createPace } from './pace.ts';

const CHUNK = 256 * 1024;
const NEWLINE = 0x0a;
/**
 * A prompt with the largest picture that is kept has its words on the same line. What is longer is left out, because parsing it
 * would stop everything else.
 */
const MAX_LINE = 8 * 1024 * 1024;
/** A file beyond it is cut off there. */
const MAX_FILE = 256 * 1024 * 1024;

/**
 * Gives each line that is JSON to `onLine`, in order. What is not (damaged, half-written, binary, huge) is passed over.
 * Gives way to other work every few milliseconds. Rejects only when the file cannot be opened or read.
 */
export async function eachJsonLine(path: string, onLine: (value: unknown) => void): Promise<void> {
  const handle = await openRegular(path, constants.O_RDONLY).catch((error: unknown) => {
    throw toReadFault(path, error);
  });
  const buffer = BUFFERS.pop() ?? Buffer.allocUnsafeSlow(CHUNK);
  try {
    await readLines({ handle, buffer, pace: createPace() }, onLine);
  } catch (error) {
    throw toReadFault(path, error);
  } finally {
    BUFFERS.push(buffer);
    await handle.close();
  }
}

// As many as files were ever read side by side. A new one for each of thousands of small files is what most time would go to.
const BUFFERS: Buffer[] = [];

interface OpenFile {
  handle: FileHandle;
  buffer: Buffer;
  pace: Pace;
}

async function readLines({ handle, buffer, pace }: OpenFile, onLine: (value: unknown) => void): Promise<void> {
  const line = createLineBuffer();
  for (let offset = 0; offset < MAX_FILE; ) {
    const { bytesRead } = await handle.read(buffer, 0, CHUNK, offset);
    if (bytesRead === 0) break;
    offset += bytesRead;
    let start = 0;
    for (let end = buffer.indexOf(NEWLINE); end !== -1 && end < bytesRead; end = buffer.indexOf(NEWLINE, start)) {
      take(line.finish(buffer.subarray(start, end)), onLine);
      start = end + 1;
      if (pace.isDue()) await pace.rest();
    }
    line.add(buffer.subarray(start, bytesRead));
  }
  take(line.finish(), onLine);
}

function take(text: string, onLine: (value: unknown) => void): void {
  if (text === '') return;
  const parsed = parseJson(text);
  if (parsed.ok) onLine(parsed.value);
}

const NOTHING = Buffer.alloc(0);

/** Collects the pieces of one line; one that grew too long comes out empty. */
function createLineBuffer() {
  let pieces: Buffer[] = [];
  let length = 0;
  return {
    add(piece: Buffer): void {
      length += piece.length;
      if (length > MAX_LINE) pieces = [];
      // A copy, because the chunk it lies in is read into again.
      else if (piece.length > 0) pieces.push(Buffer.from(piece));
    },
    /** The line, with its last piece. */
    finish(last: Buffer = NOTHING): string {
      const isWhole = length === 0;
      length += last.length;
      const isHuge = length > MAX_LINE;
      const bytes = isWhole || isHuge ? last : Buffer.concat([...pieces, last]);
      pieces = [];
      length = 0;
      return isHuge ? '' : bytes.toString('utf8');
    },
  };
}
