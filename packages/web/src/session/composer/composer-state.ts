import type { InputPart } from '@baton/protocol';
import type { AttachedImage } from './image-file.ts';

/** What stands in the composer. */
export interface ComposerState {
  readonly text: string;
  readonly caret: number;
  readonly images: readonly AttachedImage[];
  /** Which earlier prompt is shown, counted back from the last; undefined while typing something new. */
  readonly recalled: number | undefined;
  /** Where Escape closed the menu: it stays closed until the text changes. */
  readonly menuClosed: boolean;
}

export type ComposerAction =
  | { readonly type: 'typed'; readonly text: string; readonly caret: number }
  | { readonly type: 'moved'; readonly caret: number }
  | { readonly type: 'attached'; readonly images: readonly AttachedImage[] }
  | { readonly type: 'detached'; readonly id: string }
  | { readonly type: 'sent' }
  /** Puts a prompt back: one that was refused, or one taken out of the queue to be changed. */
  | { readonly type: 'restored'; readonly input: readonly InputPart[] }
  | { readonly type: 'recall'; readonly step: 1 | -1; readonly prompts: readonly string[] }
  | { readonly type: 'menu-closed' };

export const emptyComposer: ComposerState = { text: '', caret: 0, images: [], recalled: undefined, menuClosed: false };

export function composerReducer(state: ComposerState, action: ComposerAction): ComposerState {
  switch (action.type) {
    case 'typed':
      return { ...state, text: action.text, caret: action.caret, recalled: undefined, menuClosed: false };
    case 'moved':
      return action.caret === state.caret ? state : { ...state, caret: action.caret };
    case 'attached':
      return { ...state, images: [...state.images, ...action.images] };
    case 'detached':
      return { ...state, images: state.images.filter((image) => image.id !== action.id) };
    case 'sent':
      return emptyComposer;
    case 'restored':
      return restore(state, action.input);
    case 'recall':
      return recall(state, action);
    case 'menu-closed':
      return { ...state, menuClosed: true };
  }
}

/** What would be sent, or undefined when there is nothing. Text first, as people read. */
export function toInput(state: ComposerState): InputPart[] | undefined {
  const text = state.text.trim();
  const parts: InputPart[] = [
    ...(text === '' ? [] : [{ type: 'text' as const, text }]),
    ...state.images.map(({ mediaType, data }) => ({ type: 'image' as const, mediaType, data })),
  ];
  return parts.length === 0 ? undefined : parts;
}

// What came back goes before what was typed in the meantime: nothing of either is lost.
function restore(state: ComposerState, input: readonly InputPart[]): ComposerState {
  const words = input.flatMap((part) =>
    part.type === 'text' ? [part.text] : part.type === 'file' ? [`@${part.path}`] : [],
  );
  const text = [...words, state.text].filter((part) => part !== '').join('\n');
  const images = input.flatMap((part, index): AttachedImage[] =>
    part.type === 'image'
      ? [
          {
            id: `restored-${index}-${part.data.length}`,
            name: `Image ${index + 1}`,
            mediaType: part.mediaType,
            data: part.data,
          },
        ]
      : [],
  );
  return { ...state, text, caret: text.length, images: [...images, ...state.images], recalled: undefined };
}

// `prompts` are the earlier ones, oldest first. Only an untouched composer steps through them.
function recall(state: ComposerState, { step, prompts }: Extract<ComposerAction, { type: 'recall' }>): ComposerState {
  const next = (state.recalled ?? -1) + step;
  if (next < 0) return state.recalled === undefined ? state : { ...state, text: '', caret: 0, recalled: undefined };
  const text = prompts.at(-1 - next);
  return text === undefined ? state : { ...state, text, caret: text.length, recalled: next };
}
