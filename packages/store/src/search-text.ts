/** The form in which titles, folders and search words are compared: case does not matter, broken surrogates are alike. */
export function toSearchText(text: string): string {
  return text.toWellFormed().toLowerCase();
}
