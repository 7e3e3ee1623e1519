const SHELL = /^(?:\S*\/)?(?:ba|z|da|k)?sh (?:-\w+ )*-\w*c (.*)$/s;

/** What a person typed or would type: the script of `/bin/bash -lc '…'`. Anything else stays as it is. */
export function toCommandText(command: string): string {
  const script = SHELL.exec(command)?.[1];
  return (script === undefined ? undefined : unquote(script)) ?? command;
}

// One shell word, in the forms Codex quotes it in; undefined for what is none.
function unquote(word: string): string | undefined {
  const part = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)/gsy;
  let text = '';
  let end = 0;
  for (const [whole, single, double, escaped, plain] of word.matchAll(part)) {
    end += whole.length;
    text += single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? plain ?? '';
  }
  return end === word.length && end > 0 ? text : undefined;
}

const MAX_TITLE = 300;

/** One line of bounded length. */
export function toTitle(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MAX_TITLE ? `${line.slice(0, MAX_TITLE - 1)}…` : line;
}
