/** Models look at no more than this of the longer side; photos of phones have twice as many. */
const LONGEST_SIDE = 2048;
const QUALITY = 0.85;

/** The size in which an image goes to a model: the same shape, and never larger than it was. Pure. */
export function toSmallSize({ width, height }: { width: number; height: number }): { width: number; height: number } {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** The image as a JPEG with at most as many pixels as a model looks at; of a moving one, its first. Rejects what is no image. */
export async function shrinkImage(file: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(file);
  try {
    const { width, height } = toSmallSize(bitmap);
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('This browser has no canvas');
    // What was clear would be black.
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, 0, 0, width, height);
    const { promise, resolve, reject } = Promise.withResolvers<Blob>();
    const take = (blob: Blob | null) =>
      blob === null ? reject(new Error('The image was not written')) : resolve(blob);
    canvas.toBlob(take, 'image/jpeg', QUALITY);
    return await promise;
  } finally {
    bitmap.close();
  }
}
