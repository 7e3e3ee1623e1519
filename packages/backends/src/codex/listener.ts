import type { Failure } from '@baton/protocol';
import type { Notice, RequestId, ServerRequest } from './wire.ts';

/** A session, as the process it shares with others speaks to it. A returned promise means "wait before reading on". */
export interface Listener {
  take(notice: Notice): void | Promise<void>;
  takeRequest(requestId: RequestId, request: ServerRequest): void | Promise<void>;
  /** A message of its thread that nobody knows. */
  takeUnknown(payload: unknown): void | Promise<void>;
  /** A sign of life without news. */
  touch(): void;
  takeLog(line: string): void;
  takeExit(exit: { code: number | null; signal: string | null; failure: Failure }): void;
}
