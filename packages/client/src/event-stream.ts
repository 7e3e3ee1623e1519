import { AppError, parseJson, problemSchema, type DownFrame } from '@baton/protocol';
import { toAppErrorOf } from './problem-error.ts';
import { parseNamedFrame } from './parse-frame.ts';

export interface EventStreamOptions {
  url: string;
  headers: Readonly<Record<string, string>>;
  fetch: typeof globalThis.fetch;
  signal?: AbortSignal | undefined;
}

/** Frames of a `text/event-stream` response, in order. */
export async function* readEventStream(options: EventStreamOptions): AsyncGenerator<DownFrame> {
  const response = await openStream(options);
  let rest = '';
  const decoder = new TextDecoder();
  for await (const bytes of response) {
    const blocks = (rest + decoder.decode(bytes, { stream: true })).replaceAll('\r\n', '\n').split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const frame = parseBlock(block);
      if (frame !== undefined) yield frame;
    }
  }
}

async function openStream({ url, headers, fetch, signal }: EventStreamOptions): Promise<AsyncIterable<Uint8Array>> {
  const init = { headers: { ...headers, accept: 'text/event-stream' }, signal: signal ?? null };
  const response = await fetch(url, init).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new AppError('server-unreachable', 'Cannot reach the server for its event stream', {}, { cause });
  });
  if (response.ok && response.body !== null) return toIterable(response.body);
  const parsed = parseJson(await response.text());
  const problem = parsed.ok ? problemSchema.safeParse(parsed.value) : undefined;
  if (problem?.success) throw toAppErrorOf(problem.data);
  throw new AppError('server-unreachable', `The server answered ${response.status} instead of an event stream`);
}

// Safari has no async iteration of streams.
async function* toIterable(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

// Events have no name and carry a seq as their id; every other frame is named by its type.
function parseBlock(block: string): DownFrame | undefined {
  const fields = block.split('\n').map(toField);
  const data = fields.filter(({ name }) => name === 'data').map(({ value }) => value);
  if (data.length === 0) return undefined;
  const type = fields.find(({ name }) => name === 'event')?.value ?? 'event';
  const frame = parseNamedFrame(type, data.join('\n'));
  if (frame === 'broken') throw new AppError('internal', 'The server sent something this client cannot read');
  return frame === 'unknown' ? undefined : frame;
}

function toField(line: string): { name: string; value: string } {
  const colon = line.indexOf(':');
  if (colon < 0) return { name: line, value: '' };
  return { name: line.slice(0, colon), value: line.slice(colon + 1).replace(/^ /, '') };
}
