import { IMAGE_TYPES, type InputPart, MAX_PROMPT_CHARS, imagePartSchema } from '@baton/protocol';

/** Base64 characters; a larger picture is named instead of kept. */
const MAX_IMAGE = 5_000_000;

export function toTextPart(text: string): InputPart {
  if (text.length <= MAX_PROMPT_CHARS) return { type: 'text', text };
  const kept = text.slice(0, MAX_PROMPT_CHARS - 100);
  return { type: 'text', text: `${kept}\n… ${text.length - kept.length} characters left out …` };
}

/** A picture as it was sent; what cannot be shown becomes a word about it. */
export function toImagePart(mediaType: string, data: string): InputPart {
  if (data.length > MAX_IMAGE) {
    return { type: 'text', text: `[an image of ${Math.round((data.length * 3) / 4 / 1024)} KB was left out]` };
  }
  const image = imagePartSchema.safeParse({ type: 'image', mediaType, data });
  if (image.success) return image.data;
  const known = IMAGE_TYPES.some((type) => type === mediaType);
  return { type: 'text', text: known ? '[a damaged image]' : '[an image]' };
}

const DATA_URL = /^data:([a-z]+\/[a-z0-9.+-]+);base64,/i;

/** A `data:` address as a picture; undefined for any other address. */
export function toDataUrlPart(url: string): InputPart | undefined {
  const head = DATA_URL.exec(url.slice(0, 100));
  return head === null ? undefined : toImagePart((head[1] ?? '').toLowerCase(), url.slice(head[0].length));
}
