/** What is read of a clipboard. */
export interface Pasted {
  files: ArrayLike<File>;
  getData(type: string): string;
}

/**
 * The files that were pasted. Tables and documents give a picture of themselves beside their formatted text: there the
 * text is meant. A copied file comes with its name as text, and a copied picture with formatted text alone.
 */
export function toPastedFiles(pasted: Pasted): File[] {
  const isText = pasted.getData('text/plain') !== '' && pasted.getData('text/html') !== '';
  return isText ? [] : Array.from(pasted.files);
}
