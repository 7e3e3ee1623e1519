import { parseJson } from '@baton/protocol';
import { cutStrings } from '../agent/cut.ts';
import { toFields } from './tool-name.ts';
import type { ToolContent } from './wire.ts';

/** A call's content without its input, which some agents tell there as text, piece by piece while their model writes it. */
export interface Said {
  content: readonly ToolContent[];
  /** The input, once it is whole. */
  input: unknown;
  /** The model is still writing it, so nobody can tell yet what the call does. */
  isWriting: boolean;
}

/** `known` is what was told of the input before, cut as it is kept. Output that only looks like an input stays. */
export function takeToldInput(content: readonly ToolContent[], known: unknown): Said {
  const hasInput = Object.keys(toFields(known)).length > 0;
  let input: unknown;
  let isWriting = false;
  const rest = content.filter((each) => {
    const text = each.content?.type === 'text' ? (each.content.text ?? '') : '';
    if (!text.trimStart().startsWith('{')) return true;
    const parsed = parseJson(text);
    const whole = parsed.ok ? cutStrings(parsed.value) : undefined;
    if (hasInput) return JSON.stringify(whole) !== JSON.stringify(known);
    if (parsed.ok) input = parsed.value;
    else isWriting = true;
    return false;
  });
  return { content: rest, input, isWriting };
}
