import type { CommandId, ROUTES, RouteInput, RouteName } from '@baton/protocol';
import type { BegunTurn } from '../engine/engine-options.ts';
import type { Actor } from '../engine/engine.ts';

/** One request of a route, after its identity and its shape were checked. */
export type FeatureCall<N extends RouteName> = RouteInput<(typeof ROUTES)[N]> & {
  actor: Actor;
  /** Repeatable when the caller sent Idempotency-Key, or names the thing that it makes with `own`. */
  commandId(own?: string): CommandId;
};

/**
 * Answers of routes: resolves with what the route's `response` says, rejects with an `AppError` whose kind becomes the problem
 * document.
 */
export type FeatureHandlers<N extends RouteName> = { [K in N]: (call: FeatureCall<K>) => Promise<unknown> };

/**
 * An ability beside the sessions themselves. It hears of events through `Engine.onRecorded`, acts through `Engine.execute` and
 * `Engine.note`, and keeps what it knows in a `RecordStore`. Taking its line out of the composition root removes it.
 */
export interface Feature<N extends RouteName> {
  readonly id: string;
  readonly handlers: FeatureHandlers<N>;
  /** After sessions were recovered, before requests are taken. */
  start?(): Promise<void>;
  /** Before the prompt of a turn goes to its agent, which waits for it a bounded time: see `EngineOptions.beforeTurn`. */
  beforeTurn?(turn: BegunTurn): Promise<void>;
  /** Before agents are ended. Bounded; idempotent. */
  stop?(): Promise<void>;
}
