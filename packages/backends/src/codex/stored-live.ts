import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Whether a Codex holds the thread's lock. Its file alone says nothing, because a crash leaves it; who holds which lock only
 * Linux tells, elsewhere the answer is no.
 */
export async function isHeldByCodex(home: string, threadId: string): Promise<boolean> {
  if (!/^[0-9a-f-]+$/i.test(threadId)) return false;
  const file = await stat(join(home, 'thread-writer-locks', `${threadId}.lock`)).catch((): undefined => undefined);
  if (file === undefined) return false;
  const locks = await readFile('/proc/locks', 'utf8').catch(() => '');
  return locks
    .split('\n')
    .some((line) => line.includes('FLOCK') && line.split(/\s+/).some((word) => word.endsWith(`:${file.ino}`)));
}
