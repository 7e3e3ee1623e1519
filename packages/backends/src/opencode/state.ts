import type {
  AgentCommand,
  AgentMode,
  AgentModel,
  ApprovalId,
  ItemId,
  Failure,
  Question,
  QuestionId,
  ToolCallItem,
  TurnId,
} from '@baton/protocol';
import { type StepOf, type TranslationOf, update } from '../agent/step.ts';
import { NO_USAGE, type WholeUsage } from '../agent/whole-usage.ts';
import type { NativeError, NativeEvent, NativeTextPart } from './wire.ts';

export interface TurnState {
  turnId: TurnId;
  /** Our own id of the prompt's message; every message of this turn has a later one. */
  promptId: string;
  /** Messages of Baton's own that joined the turn later. */
  steerIds: readonly string[];
  /** The model was asked: only from then on does "idle" mean that this turn is over. */
  hasBegun: boolean;
  /** OpenCode was busy when it had the prompt: from then on it hears an abort, and "idle" is no more the time before. */
  wasBusy: boolean;
  /** OpenCode said that it has nothing to do; what it still tells of this turn may be on its way. */
  isIdle: boolean;
  /** OpenCode was found idle, and it is not sure that it was so after it had begun. */
  isDoubted: boolean;
  isInterrupting: boolean;
  /** Causes already told in a notice. */
  told: readonly string[];
  /** What went wrong, in OpenCode's words. */
  error?: NativeError;
  /** Decided by Baton, whatever the agent says at the end. */
  failure?: Failure;
  finish?: string;
  /** Answers of the model one after another that said nothing. */
  blanks: number;
  /** The last message of the conversation itself, where one can come back to. */
  point?: string;
  usage: WholeUsage;
  costUsd: number;
}

export interface MessageState {
  sessionId: string;
  role: 'user' | 'assistant';
  isDone: boolean;
  /** Made for the model, to make room; no person asked for it. */
  isSummary: boolean;
}

/** A message or reasoning being streamed. */
export interface OpenText {
  itemId: ItemId;
  type: 'agent-message' | 'reasoning';
  text: string;
  sessionId: string;
  /** Pieces of it were missed; only its whole text can go on. */
  isMuted: boolean;
  /** Its stream broke off; the next attempt's text of the same type takes its place. */
  isOrphan: boolean;
}

export interface OpenTool {
  itemId: ItemId;
  item: ToolCallItem;
  callId: string;
  /** What it printed so far. */
  live: string;
  /** The change it asked leave for. */
  diff?: string;
}

export type OpenPrompt = { requestId: string; callId: string | undefined } & (
  | { type: 'approval'; approvalId: ApprovalId }
  | { type: 'question'; questionId: QuestionId; questions: readonly Question[] }
);

export interface Offer {
  models: readonly AgentModel[];
  modes: readonly AgentMode[];
  commands: readonly AgentCommand[];
  tools: readonly string[];
  mcpServers: readonly { name: string; status: string }[];
  /** Size of a model's window, by its id. */
  windows: Readonly<Record<string, number>>;
  defaultModel: string | undefined;
}

/** How long a model may fail. */
export interface Patience {
  /** How often OpenCode may ask it again. */
  retries: number;
  /** How long it may wait before it does. */
  waitMs: number;
}

export interface OpencodeState {
  cwd: string;
  nativeId: string;
  model: string | undefined;
  mode: string | undefined;
  effort: string | undefined;
  turn: TurnState | undefined;
  /** Messages of the turn, by id. */
  messages: Readonly<Record<string, MessageState>>;
  /** By part id. */
  texts: Readonly<Record<string, OpenText>>;
  tools: Readonly<Record<string, OpenTool>>;
  /** Calls whose input is not told yet, by call id. */
  calls: Readonly<Record<string, { partId: string; tool: string }>>;
  /** Text parts that are still empty, by id; shown with their first words, because many models send none. */
  announced: Readonly<Record<string, NativeTextPart>>;
  /** Parts of the turn that have ended; what is told of them again is no news. */
  closed: Readonly<Record<string, true>>;
  /** Items of the calls that conversations of subagents belong to. */
  children: Readonly<Record<string, ItemId>>;
  /** What subagents did before it was known whose they are. */
  held: Readonly<Record<string, readonly NativeEvent[]>>;
  prompts: readonly OpenPrompt[];
  /** Requests that were answered or withdrawn; OpenCode goes on listing those of an aborted turn. */
  dropped: readonly string[];
  /** Calls that the user denied. */
  denied: readonly string[];
  patience: Patience;
  offer: Offer;
  tokens: WholeUsage;
  costUsd: number;
  /** What the last answer left in its model's window. */
  filled: { used: number; model: string } | undefined;
}

const NO_OFFER: Offer = {
  ...{ models: [], modes: [], commands: [], tools: [], mcpServers: [] },
  ...{ windows: {}, defaultModel: undefined },
};

export function createState(
  start: Pick<OpencodeState, 'cwd' | 'nativeId' | 'model' | 'mode' | 'effort' | 'patience'>,
): OpencodeState {
  return {
    ...start,
    turn: undefined,
    ...{ messages: {}, texts: {}, tools: {}, calls: {}, announced: {}, closed: {}, children: {}, held: {} },
    ...{ prompts: [], dropped: [], denied: [] },
    offer: NO_OFFER,
    tokens: NO_USAGE,
    costUsd: 0,
    filled: undefined,
  };
}

export type Step = StepOf<OpencodeState>;
export type Translation = TranslationOf<OpencodeState>;

export function updateTurn(step: Step, change: Partial<TurnState>): void {
  const { turn } = step.state;
  if (turn !== undefined) update(step, { turn: { ...turn, ...change } });
}

/** The call whose subagent a conversation is; undefined for the session's own conversation. */
export function toParent(state: OpencodeState, sessionId: string): { parentItemId?: ItemId } {
  const parentItemId = state.children[sessionId];
  return parentItemId === undefined ? {} : { parentItemId };
}
