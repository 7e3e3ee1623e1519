export type {
  BatonClient,
  ConnectionState,
  InboxSnapshot,
  NoticesSnapshot,
  ServerSnapshot,
  OptimisticSteer,
  OptimisticTurn,
  PendingCommand,
  ReadableStore,
  SessionHandle,
  SessionSnapshot,
  SessionsSnapshot,
} from './client.ts';
export { createApi, type Api, type ApiOptions, type CallOptions, type ResponseOf } from './api.ts';
export { createBatonClient, type BatonClientOptions } from './create-baton-client.ts';
export type { CommandStorage } from './stored-commands.ts';
export { readEnvironment, type Environment } from './environment.ts';
export { createLink, type Link, type LinkListener, type LinkOptions } from './link.ts';
export type { Followed, Follower } from './resume.ts';
export { frameScheduler, type Scheduler } from './scheduler.ts';
export type { WebSocketConstructor } from './socket.ts';
export { systemClock } from './system-clock.ts';
export { toShellWords } from './to-shell-words.ts';
