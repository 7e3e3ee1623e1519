import type { OpencodeServer } from './server.ts';
import type { OpencodeSettings } from './settings.ts';
import { parseEvent } from './wire.ts';

/** A prompt that OpenCode has taken and not begun, of a conversation that nobody listens to any more. */
export interface Unbegun {
  server: Pick<OpencodeServer, 'api' | 'listen'>;
  nativeId: string;
  folder: string;
}

/**
 * Aborts it as soon as it begins, which OpenCode hears no earlier, until what began has had the time that a folder may take.
 * The returned function ends that.
 */
export function abortWhenBegun(
  { server, nativeId, folder }: Unbegun,
  { clock, bounds }: Pick<OpencodeSettings, 'clock' | 'bounds'>,
): () => void {
  function abort(): void {
    // A server that does not take it ends soon.
    server.api.send(`/session/${nativeId}/abort`, { directory: folder }).catch(() => undefined);
  }
  function hear(payload: unknown): void {
    const event = parseEvent(payload);
    if (event?.type !== 'session.status' || event.properties.sessionID !== nativeId) return;
    if (event.properties.status.type === 'busy') abort();
  }
  const unlisten = server.listen({
    onEvent: ({ payload }) => hear(payload),
    // It may have begun unheard.
    onGap: abort,
    onStderrLine() {},
    onExit: () => cancel(),
  });
  const cancel = clock.after(bounds.readyMs, unlisten);
  return () => {
    cancel();
    unlisten();
  };
}
