import type { InputPart } from '@baton/protocol';

export interface SplitPrompt {
  readonly text: string;
  readonly images: readonly { readonly src: string }[];
  /** Files that the text does not mention itself. */
  readonly files: readonly string[];
}

/** A prompt by what it is made of, as a card shows it. */
export function splitPrompt(parts: readonly InputPart[]): SplitPrompt {
  const text = parts
    .flatMap((part) => (part.type === 'text' ? [part.text] : []))
    .join('\n')
    .trim();
  const paths = parts.flatMap((part) => (part.type === 'file' ? [part.path] : []));
  return {
    text,
    images: parts.flatMap((part) =>
      part.type === 'image' ? [{ src: `data:${part.mediaType};base64,${part.data}` }] : [],
    ),
    files: [...new Set(paths)].filter((path) => !text.includes(`@${path}`)),
  };
}

export interface PromptPiece {
  readonly text: string;
  readonly mention: boolean;
}

const MENTION = /(?<=^|[\s([{])(?:@"[^"\n]+"|@[^\s@"]*[^\s@".,;:!?)\]}])/g;

/** A prompt cut at the files it mentions. A path has a dot or a slash in it; a name after an at sign is somebody. */
export function splitMentions(text: string): PromptPiece[] {
  const pieces: PromptPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(MENTION)) {
    if (!/[./]/.test(match[0])) continue;
    pieces.push({ text: text.slice(end, match.index), mention: false }, { text: match[0], mention: true });
    end = match.index + match[0].length;
  }
  pieces.push({ text: text.slice(end), mention: false });
  return pieces.filter((piece) => piece.text !== '');
}
