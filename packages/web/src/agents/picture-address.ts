import { MAX_ICON } from '@baton/protocol';

/** The sizes that a mark is tried in, so that its address is not too long; the largest mark on a page has 32 px, twice as fine. */
const SIDES = [64, 48, 32];

/** A picture as the `data:` address of a small square PNG, its shape kept. Rejects what the browser cannot show as an image. */
export async function toPictureAddress(file: Blob): Promise<string> {
  const url = URL.createObjectURL(file);
  try {
    const image = Object.assign(new Image(), { src: url });
    await image.decode();
    const addresses = SIDES.map((side) => draw(image, side));
    const [address] = addresses.filter(({ length }) => length <= MAX_ICON);
    if (address === undefined) throw new Error('The picture stays too large');
    return address;
  } finally {
    URL.revokeObjectURL(url);
  }
}

function draw(image: HTMLImageElement, side: number): string {
  const canvas = Object.assign(document.createElement('canvas'), { width: side, height: side });
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser has no canvas');
  const { width, height } = toFit(image, side);
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, (side - width) / 2, (side - height) / 2, width, height);
  return canvas.toDataURL('image/png');
}

/** The largest size of a picture's shape within a square. Pure. A drawing without a size of its own fills it. */
export function toFit(
  { naturalWidth, naturalHeight }: Pick<HTMLImageElement, 'naturalWidth' | 'naturalHeight'>,
  side: number,
): { width: number; height: number } {
  if (naturalWidth === 0 || naturalHeight === 0) return { width: side, height: side };
  const scale = side / Math.max(naturalWidth, naturalHeight);
  return { width: Math.max(1, naturalWidth * scale), height: Math.max(1, naturalHeight * scale) };
}
