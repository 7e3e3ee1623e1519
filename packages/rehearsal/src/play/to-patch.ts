import type { ScriptedCall } from '../scenario/step.ts';

/**
 * A scripted `write` or `edit` in the patch format of Codex, whose one tool for files is `apply_patch`. Lines are told
 * by their content alone, so an edit needs no line numbers.
 */
export function toPatch({ tool, input }: ScriptedCall): string {
  const path = toText(input['path']);
  const body =
    tool === 'write'
      ? [`*** Add File: ${path}`, ...toLines(input['content'], '+')]
      : [`*** Update File: ${path}`, '@@', ...toLines(input['old'], '-'), ...toLines(input['new'], '+')];
  return ['*** Begin Patch', ...body, '*** End Patch', ''].join('\n');
}

const toText = (value: unknown): string => (typeof value === 'string' ? value : '');

// A line break at the end ends the last line; it does not begin another.
function toLines(text: unknown, sign: string): string[] {
  const lines = toText(text).split('\n');
  return (lines.at(-1) === '' ? lines.slice(0, -1) : lines).map((line) => `${sign}${line}`);
}
