import { readdirSync, readFileSync } from 'node:fs';

export interface FoundProcess {
  pid: number;
  command: string;
}

/** Living processes whose environment carries this text, by the system's own account. Linux only, like the tests' machines. */
export function findProcesses(marker: string, word = ''): FoundProcess[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    const environment = readProc(pid, 'environ');
    const command = readProc(pid, 'cmdline').replaceAll('\0', ' ').trim();
    return environment.includes(marker) && command.includes(word) ? [{ pid: Number(pid), command }] : [];
  });
}

// A process may end between the listing and the reading; a zombie has neither environment nor command.
function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
