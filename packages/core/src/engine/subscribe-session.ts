import { AppError, toAppError, toProblem } from '@baton/protocol';
import type { Actors } from './actors.ts';
import type { Engine, Subscription } from './engine.ts';

/** Follows a session as soon as it is loaded. Once it is closed the sink hears nothing more. */
export function subscribeSession(
  actors: Actors,
  { sessionId, after, sink }: Parameters<Engine['subscribe']>[0],
): Subscription {
  let inner: Subscription | undefined;
  let closed = false;
  actors
    .use(sessionId, ({ state, feed }) => {
      if (closed) return;
      if (state.status === 'none') throw new AppError('not-found', `There is no session "${sessionId}"`);
      inner = feed.subscribe(after, sink);
    })
    .catch((error: unknown) => {
      if (!closed) sink.send({ type: 'error', sessionId, error: toProblem(toAppError(error)) });
    });
  return {
    drained: () => inner?.drained(),
    close() {
      closed = true;
      inner?.close();
    },
  };
}
