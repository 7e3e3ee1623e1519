import type { InputPart } from '@baton/protocol';
import { z } from 'zod';
import { toDataUrlPart, toTextPart } from '../stored/to-input.ts';
import { type RolloutEvent, toText } from './stored-line.ts';

const contentSchema = z.looseObject({ type: z.string(), text: z.string().optional(), path: z.string().optional() });

/** What a person sent, from a whole item. */
export function toItemInput(content: unknown): InputPart[] {
  if (!Array.isArray(content)) return toTextParts(toText(content));
  return content.flatMap((each): InputPart[] => {
    const part = contentSchema.safeParse(each).data;
    if (part === undefined) return [];
    const { type, text, path } = part;
    const url = part['image_url'] ?? part['url'];
    if (type === 'image' && typeof url === 'string') return [toDataUrlPart(url) ?? toTextPart('[an image]')];
    if (path !== undefined && path !== '') return [{ type: 'file', path: path.slice(0, 4096) }];
    return toTextParts(text ?? '');
  });
}

/** The same from what older versions wrote. */
export function toEventInput({ message, images }: Extract<RolloutEvent, { type: 'user_message' }>): InputPart[] {
  return [...toTextParts(message), ...(images ?? []).flatMap((url) => toDataUrlPart(url) ?? [])];
}

// What Codex told the model in the user's name.
const SYNTHETIC =
  /^\s*<(?:environment_context|user_instructions|subagent_notification|turn_aborted|permissions|skill|codex_internal_context)\b|^# AGENTS\.md instructions/;

function toTextParts(text: string): InputPart[] {
  return text.trim() === '' || SYNTHETIC.test(text) ? [] : [toTextPart(text)];
}
