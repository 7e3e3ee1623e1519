const LINK = /https?:\/\/[^\s\u0000-\u001f\u007f<>"'`|]+/g;
const MOST = 5;

/** Addresses in what a program wrote to a terminal, in order, each once; the last few of many. */
export function findLinks(text: string): string[] {
  const found = [...text.matchAll(LINK)]
    .map(([link]) => link.replace(/[).,;:\]]+$/, ''))
    .filter((link) => URL.canParse(link));
  return [...new Set(found)].slice(-MOST);
}
