import { AppError } from '@baton/protocol';
import { createApi, createLink, type Link } from '@baton/client';
import type { ServerAddress } from './find-server.ts';

/** A connection for a command. Rejects at once when the server cannot be reached or does not know the key. */
export async function openLink({ url, key }: ServerAddress): Promise<Link> {
  await createApi({ url, key, timeoutMs: 10_000 }).call('getMe');
  // Timers keep this process alive: while the line is down they are all that is left of it.
  const clock = {
    now: () => Date.now(),
    after(ms: number, callback: () => void) {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
  };
  return createLink({ url, key, name: 'baton-cli', clock });
}

/** Rejects when the server stops knowing the key while a command waits for it. */
export function rejectWhenSignedOut(link: Link): Promise<never> {
  return new Promise((_, reject) => {
    link.connection.subscribe(() => {
      if (link.connection.get().status !== 'unauthenticated') return;
      reject(new AppError('unauthenticated', 'The server does not know this key any more'));
    });
  });
}
