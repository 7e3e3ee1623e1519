import { createId, IMAGE_TYPES } from '@baton/protocol';
import { formatBytes } from '../figures.ts';
import { shrinkImage } from './shrink-image.ts';

export type ImageType = (typeof IMAGE_TYPES)[number];

export interface AttachedImage {
  readonly id: string;
  readonly name: string;
  readonly mediaType: ImageType;
  /** Base64. */
  readonly data: string;
}

/** What providers take of one image, and what fits into one message to the server together. */
export const MAX_IMAGE_BYTES = 5 * 1024 * 1024;
export const MAX_IMAGES = 20;
const MAX_TOTAL_CHARS = 14 * 1024 * 1024;

/** Why a file cannot be attached, or undefined. One that is only too large may still be made smaller. */
export function toImageRefusal(file: { name: string; type: string; size: number }): string | undefined {
  if (!isImageType(file.type)) {
    return `Cannot attach "${file.name}": only PNG, JPEG, GIF and WebP images can be sent. Mention other files with @.`;
  }
  return file.size === 0 ? `Cannot attach "${file.name}": it is empty.` : undefined;
}

/** Why the images together are too much for one prompt, or undefined. */
export function toSumRefusal(images: readonly AttachedImage[]): string | undefined {
  if (images.length > MAX_IMAGES) return `Cannot attach more than ${MAX_IMAGES} images to one prompt.`;
  const chars = images.reduce((sum, image) => sum + image.data.length, 0);
  return chars > MAX_TOTAL_CHARS
    ? 'Cannot attach these images together: they are too large for one prompt.'
    : undefined;
}

/** An image that was not refused, small enough to be sent; or why it cannot be attached. */
export async function readImage(file: File): Promise<AttachedImage | string> {
  try {
    const small = file.size > MAX_IMAGE_BYTES ? await shrinkImage(file) : file;
    if (!isImageType(small.type) || small.size > MAX_IMAGE_BYTES) return toSizeRefusal(file);
    const bytes = new Uint8Array(await small.arrayBuffer());
    return { id: createId('item'), name: file.name, mediaType: small.type, data: toBase64(bytes) };
  } catch {
    // Not an image whatever its name says, gone meanwhile, or kept where the browser may not read.
    return `Cannot attach "${file.name}": the browser cannot read it.`;
  }
}

export function toSizeRefusal({ name, size }: { name: string; size: number }): string {
  return `Cannot attach "${name}": it has ${formatBytes(size)}, the limit is ${formatBytes(MAX_IMAGE_BYTES)}.`;
}

/** Each once, as what is said under the composer. */
export function toRefusalWords(refusals: readonly string[]): string | undefined {
  return refusals.length === 0 ? undefined : [...new Set(refusals)].join(' ');
}

function isImageType(type: string): type is ImageType {
  return IMAGE_TYPES.some((known) => known === type);
}

const CHUNK = 0x8000;

// In steps, because a function takes only so many arguments.
function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK) binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(binary);
}
