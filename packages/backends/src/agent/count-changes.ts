const HEADER = /^--- [^\n]*\n\+\+\+ [^\n]*\n/;

/** The lines that a unified diff of one file adds and removes. Those of its header are none; one of the file may look like them. */
export function countChanges(patch: string): { added: number; removed: number } {
  const lines = patch.replace(HEADER, '').split('\n');
  return {
    added: lines.filter((line) => line.startsWith('+')).length,
    removed: lines.filter((line) => line.startsWith('-')).length,
  };
}
