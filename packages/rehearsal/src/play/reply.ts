import type { Malformed, ScriptedError } from '../scenario/step.ts';

export type StopReason = 'end_turn' | 'tool_use' | 'max_tokens' | 'refusal' | 'stop_sequence' | 'pause_turn';

export interface ReplyUsage {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
}

export type FaultPlace = 'before-headers' | 'after-headers' | 'here';

/** One thing that happens in a reply, in order. */
export type Beat =
  | { type: 'text' | 'thinking'; pieces: Iterable<string>; pace: number }
  | { type: 'call'; id: string; name: string; input: Readonly<Record<string, unknown>> }
  | { type: 'delay'; ms: number }
  | { type: 'error'; error: ScriptedError }
  | { type: 'hang' | 'drop'; place: FaultPlace }
  | { type: 'malformed'; how: Malformed };

/** What the model does with one request, in words of no API. */
export interface Reply {
  beats: readonly Beat[];
  stop: StopReason;
  usage: ReplyUsage;
}
