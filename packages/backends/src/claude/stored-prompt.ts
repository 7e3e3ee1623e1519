import type { InputPart } from '@baton/protocol';
import { z } from 'zod';
import { toImagePart, toTextPart } from '../stored/to-input.ts';
import { type StoredBlock, toBlocks } from './stored-content.ts';
import type { StoredLine } from './stored-line.ts';

/** What a line in the user's name is. */
export type UserLine =
  | { type: 'prompt'; input: InputPart[] }
  /** A slash command; it is a prompt only when the agent answers it. */
  | { type: 'command'; input: InputPart[] }
  /** Somebody wrote while the agent worked. */
  | { type: 'steer'; input: InputPart[] }
  | { type: 'results' }
  | { type: 'interrupt' }
  /** Something else than a person began what follows: background work that ended. */
  | { type: 'wake' }
  | { type: 'none' };

const NONE: UserLine = { type: 'none' };
const INTERRUPTED = /^\[Request interrupted by user/;
const COMMAND = /<command-name>\/?([^<]*)<\/command-name>/;
const ARGUMENTS = /<command-args>([\s\S]*?)<\/command-args>/;
const SYNTHETIC = /^<(?:local-command-|bash-|user-memory-input|system-reminder>|ide_)|^Caveat: The messages below/;
const REMINDER = /<system-reminder>[\s\S]*?<\/system-reminder>\s*/g;

export function toUserLine(line: StoredLine): UserLine {
  if (line.type === 'attachment') return toQueued(line);
  const blocks = line.blocks;
  if (blocks.some((block) => block.type === 'tool_result')) return { type: 'results' };
  if (line.isMeta || line.isCompactSummary || line.isVisibleInTranscriptOnly) return NONE;
  const text = blocks.map((block) => block.text ?? '').join('\n');
  if (INTERRUPTED.test(text)) return { type: 'interrupt' };
  if (text.startsWith('<task-notification>') || !['human', undefined].includes(line.origin?.kind))
    return { type: 'wake' };
  return toPrompt(text, toInput(blocks));
}

function toPrompt(text: string, input: InputPart[]): UserLine {
  const command = COMMAND.exec(text.slice(0, 10_000));
  if (command !== null && text.trimStart().startsWith('<command-')) {
    const typed = `/${command[1] ?? ''} ${ARGUMENTS.exec(text)?.[1] ?? ''}`.trim();
    return { type: 'command', input: [toTextPart(typed)] };
  }
  return input.length === 0 ? NONE : { type: 'prompt', input };
}

function toQueued({ attachment }: StoredLine): UserLine {
  if (attachment === undefined || (attachment.commandMode ?? 'prompt') !== 'prompt') return NONE;
  const input = toInput(toBlocks(attachment.prompt));
  return input.length === 0 ? NONE : { type: 'steer', input };
}

const imageSchema = z.object({ media_type: z.string(), data: z.string() });

function toInput(blocks: readonly StoredBlock[]): InputPart[] {
  return blocks.flatMap((block): InputPart[] => {
    if (block.type === 'image') {
      const image = imageSchema.safeParse(block.source);
      return image.success
        ? [toImagePart(image.data.media_type, image.data.data)]
        : [{ type: 'text', text: '[an image]' }];
    }
    if (block.type === 'document') return [{ type: 'text', text: '[a document]' }];
    const text = (block.text ?? '').replace(REMINDER, '');
    return block.type !== 'text' || text.trim() === '' || SYNTHETIC.test(text) ? [] : [toTextPart(text)];
  });
}
