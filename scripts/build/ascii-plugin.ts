import type { Plugin } from 'rolldown';

/**
 * Writes every character beyond ASCII as an escape. A single one, in a string of some dependency, would make Node decode
 * the whole chunk into two bytes a character, and keep it so.
 */
export function createAsciiPlugin(): Plugin {
  return {
    name: 'baton-ascii',
    generateBundle(_options, bundle) {
      for (const output of Object.values(bundle)) {
        if (output.type === 'chunk') output.code = toAscii(output.code, output.fileName);
      }
    },
  };
}

/** Right in strings, templates, patterns and names; where it would not be, it throws. */
export function toAscii(code: string, fileName: string): string {
  if (/\\[^\0-\x7f]/.test(code)) throw new Error(`${fileName}: cannot escape a character that is escaped already`);
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
