/** Asks a server to become itself anew. Its own signal, so that nothing else means it by chance. */
export const RESTART_SIGNAL = 'SIGUSR2';

/** Where a process can become another program and stay the same process. */
export function canRestart(): boolean {
  return process.execve !== undefined;
}
