import type { ApprovalAnswer, Clock, OpenOptions } from '@baton/core';
import type { Answers, InputPart, TurnId } from '@baton/protocol';
import type { Grants, Mode } from './approve.ts';
import type { Conversation } from './conversation.ts';
import type { SelectedModel } from './model/select-model.ts';
import type { Spent } from './model/usage.ts';
import type { Pending } from './pending.ts';
import type { CommandRunner } from './tools/command-runner.ts';
import type { PathScope } from './tools/path-scope.ts';

/** How patient the worker is. */
export interface Patience {
  /** Silence of a model after which a request is given up. */
  silenceMs: number;
  /** How often a request is sent again after a passing failure. */
  retries: number;
  /** The first wait; it doubles. */
  retryMs: number;
  /** A provider that asks for a longer wait is not waited for. */
  maxWaitMs: number;
}

const PATIENCE: Patience = { silenceMs: 180_000, retries: 4, retryMs: 1000, maxWaitMs: 60_000 };

/** What the session or the server asks of it, by `BATON_WORKER_RETRIES`; another number than 0 to 20 counts as absent. */
export function toPatience(env: Readonly<Record<string, string | undefined>>, given: Partial<Patience> = {}): Patience {
  const text = env['BATON_WORKER_RETRIES'] ?? '';
  const retries = /^\d{1,2}$/.test(text) && Number(text) <= 20 ? { retries: Number(text) } : {};
  return { ...PATIENCE, ...retries, ...given };
}

/** One open session: what its turns share and change. */
export interface WorkerState {
  readonly options: OpenOptions;
  readonly clock: Clock;
  readonly patience: Patience;
  readonly conversation: Conversation;
  readonly scope: PathScope;
  readonly runCommand: CommandRunner;
  readonly approvals: Pending<ApprovalAnswer>;
  readonly questions: Pending<Answers>;
  /** Who answers now; the choice is made anew for every request, because the user may change it meanwhile. */
  selectModel(): Promise<SelectedModel>;
  mode: Mode;
  effort: string | undefined;
  grants: Grants;
  spent: Spent;
  /** Tokens in the window, as far as known. */
  used: number | undefined;
  /** Called when a grant was added, so that what it covers need not be asked any more. */
  onGrant: Set<() => void>;
  /** Edits of one session are made one after another. */
  edits: Promise<unknown>;
}

/** One running turn. */
export interface TurnState {
  readonly session: WorkerState;
  readonly turnId: TurnId;
  readonly signal: AbortSignal;
  spent: Spent;
  /** What was added and the model has not been given yet. */
  steers: (readonly InputPart[])[];
  /** Requests since the conversation was last summarised in this turn. */
  sinceCompaction: number;
}

/** What a turn is aborted with when the user asks for it. */
export class InterruptError extends Error {
  constructor() {
    super('The turn was interrupted');
    this.name = 'InterruptError';
  }
}
