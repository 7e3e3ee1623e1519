import { parseJson, type DownFrame } from '@baton/protocol';

/**
 * A frame from the server, or `unknown` for one this client has no word for, which is to be ignored, or `broken`.
 *
 * Checks what the client itself stands on and no more: a newer server may send events with fields and types we do not
 * know, and a long replay must not pay for a full validation of every event.
 */
export function parseFrame(text: string): DownFrame | 'unknown' | 'broken' {
  const parsed = parseJson(text);
  return parsed.ok ? toFrame(parsed.value) : 'broken';
}

/** The same for a message of an event stream, where the type stands outside of the data. */
export function parseNamedFrame(type: string, data: string): DownFrame | 'unknown' | 'broken' {
  const parsed = parseJson(data);
  return parsed.ok && isRecord(parsed.value) ? toFrame({ ...parsed.value, type }) : 'broken';
}

function toFrame(value: unknown): DownFrame | 'unknown' | 'broken' {
  if (!isRecord(value)) return 'broken';
  if (!isKnown(value['type'])) return 'unknown';
  return isFrame(value) ? value : 'broken';
}

const NEEDS: Record<DownFrame['type'], (frame: Record<string, unknown>) => boolean> = {
  welcome: (frame) => typeof frame['version'] === 'string' && isRecord(frame['user']),
  event: (frame) =>
    isText(frame['sessionId']) && isCount(frame['seq']) && isText(frame['at']) && isTyped(frame['event']),
  delta: (frame) =>
    isText(frame['sessionId']) && isText(frame['itemId']) && isCount(frame['offset']) && isText(frame['text']),
  'caught-up': (frame) => isText(frame['sessionId']) && isCount(frame['seq']),
  receipt: (frame) => isText(frame['id']) && typeof frame['ok'] === 'boolean',
  topic: (frame) => isText(frame['topic']) && isRecord(frame['data']),
  reset: (frame) => isText(frame['sessionId']),
  error: (frame) => isRecord(frame['error']) && isText(frame['error']['kind']),
  pong: () => true,
};

function isKnown(type: unknown): type is DownFrame['type'] {
  return typeof type === 'string' && Object.hasOwn(NEEDS, type);
}

function isFrame(value: Record<string, unknown>): value is Record<string, unknown> & DownFrame {
  const type = value['type'];
  return isKnown(type) && NEEDS[type](value);
}

function isTyped(value: unknown): boolean {
  return isRecord(value) && typeof value['type'] === 'string';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
