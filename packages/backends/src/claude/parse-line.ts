import { parseJson } from '@baton/protocol';
import { type ClaudeMessage, parseMessage } from './wire.ts';

const MAX_RAW_LINE = 10_000;

/** One line of output; of one that is no JSON the beginning is kept. */
export function parseLine(line: string): ClaudeMessage {
  const parsed = parseJson(line);
  return parsed.ok ? parseMessage(parsed.value) : { type: 'unknown', payload: line.slice(0, MAX_RAW_LINE) };
}
