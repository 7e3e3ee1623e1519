import { AppError } from '@baton/protocol';

/** Asks over HTTP and says in a page's words that nobody answers; which address was asked helps nobody there. */
export async function pageFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(input, init);
  } catch (cause) {
    if (init?.signal?.aborted === true) throw cause;
    const said = 'The server does not answer. Look whether it runs, and whether this device has a network';
    throw new AppError('server-unreachable', said, {}, { cause });
  }
}
