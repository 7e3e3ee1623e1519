/** What is being written that has a menu: a command at the very start, a file after an `@`. */
export interface Trigger {
  readonly kind: 'command' | 'file';
  readonly query: string;
  /** Where the sign stands; the text from here to the caret is what a choice replaces. */
  readonly start: number;
}

const COMMAND = /^\/([^\s/]*)$/;
const FILE = /(?:^|[\s([{"'`])@([^\s@]*)$/;

export function toTrigger(text: string, caret: number): Trigger | undefined {
  const before = text.slice(0, caret);
  const command = COMMAND.exec(before);
  if (command !== null) return { kind: 'command', query: command[1] ?? '', start: 0 };
  const file = FILE.exec(before);
  if (file === null) return undefined;
  const query = file[1] ?? '';
  return { kind: 'file', query, start: caret - query.length - 1 };
}

/** The text with the choice in place of what was written, and the caret behind it. */
export function applyChoice(
  text: string,
  { trigger, caret, choice }: { trigger: Trigger; caret: number; choice: string },
): { text: string; caret: number } {
  const written = trigger.kind === 'command' ? `/${choice} ` : `${toMention(choice)} `;
  const rest = text.slice(caret).replace(/^ /, '');
  return { text: text.slice(0, trigger.start) + written + rest, caret: trigger.start + written.length };
}

// Agents read a mention up to the first blank unless it stands in quotes.
function toMention(path: string): string {
  return /\s/.test(path) ? `@"${path}"` : `@${path}`;
}

/** Commands that match, those that begin with the query first. */
export function matchCommands<C extends { readonly name: string }>(commands: readonly C[], query: string): C[] {
  const wanted = query.toLowerCase();
  const matches = commands.filter((command) => command.name.toLowerCase().includes(wanted));
  const rank = (command: C) => (command.name.toLowerCase().startsWith(wanted) ? 0 : 1);
  return matches.toSorted((a, b) => rank(a) - rank(b));
}
