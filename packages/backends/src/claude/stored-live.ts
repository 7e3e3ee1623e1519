import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson } from '@baton/protocol';
import { z } from 'zod';
import { readFolder } from '../stored/list-files.ts';

const noteSchema = z.object({
  pid: z.int().positive(),
  sessionId: z.string(),
  /** When the process began, as the system counts it; it tells a process from a later one with its number. */
  procStart: z.string().optional().catch(undefined),
});

/** Whether a running Claude Code notes in `sessions/<pid>.json` that it has the conversation open. */
export async function isOpenInClaude(root: string, nativeId: string): Promise<boolean> {
  const folder = join(root, 'sessions');
  const names = (await readFolder(folder)).map(({ name }) => name).filter((name) => /^\d+\.json$/.test(name));
  const found = await Promise.all(names.map((name) => holds(join(folder, name), nativeId)));
  return found.includes(true);
}

async function holds(path: string, nativeId: string): Promise<boolean> {
  const parsed = parseJson(await readFile(path, 'utf8').catch(() => ''));
  const note = noteSchema.safeParse(parsed.ok ? parsed.value : undefined);
  if (!note.success || note.data.sessionId !== nativeId || !isAlive(note.data.pid)) return false;
  const { pid, procStart } = note.data;
  const facts = await readFacts(pid);
  // Dead, and not yet buried by whoever started it: in a container that may be never.
  if (facts?.state === 'Z') return false;
  return facts?.start === undefined || procStart === undefined || facts.start === procStart;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

// The 3rd and 22nd field of the process's line; the name before them may hold blanks and brackets. Undefined without /proc.
async function readFacts(pid: number): Promise<{ state?: string | undefined; start?: string | undefined } | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields && { state: fields[0], start: fields[19] };
}
