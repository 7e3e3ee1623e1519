import type {
  AgentCommand,
  AgentModel,
  ApprovalId,
  Failure,
  ItemId,
  QuestionId,
  ToolCallItem,
  TurnId,
} from '@baton/protocol';
import type { StepOf, TranslationOf } from '../agent/step.ts';
import { NO_USAGE, type WholeUsage } from '../agent/whole-usage.ts';
import type { RequestId, Tokens } from './wire.ts';

export interface TurnState {
  turnId: TurnId;
  /** Codex's own id; unknown until it took the prompt, and in a turn that only subagents have. */
  nativeId: string | undefined;
  /** The user's, not one that the agent began by itself. */
  isPrompted: boolean;
  /** Codex has said something of it. */
  hasBegun: boolean;
  /** Somebody added to it. */
  isSteered: boolean;
  isInterrupting: boolean;
  /** Causes already told in a notice. */
  told: readonly string[];
  /** Decided by Baton, whatever the agent says at the end. */
  failure?: Failure;
  /** Tokens of the session when the turn began. */
  before: WholeUsage;
}

/** A message or reasoning being streamed. */
export interface OpenText {
  key: string;
  threadId: string;
  itemId: ItemId;
  type: 'agent-message' | 'reasoning';
  text: string;
  /** Which part of a summary streams. */
  part: number;
  /** Its stream broke off; the next attempt's text of the same kind takes its place, and streams no more. */
  isOrphan: boolean;
  isMuted: boolean;
}

export interface OpenTool {
  itemId: ItemId;
  threadId: string;
  /** Codex's own id of the item. */
  foreignId: string;
  item: ToolCallItem;
  /** What it printed so far. */
  live: string;
  /** A command: what ends it. */
  processId?: string | undefined;
  /** A subagent: the thread it works in, once that is known. */
  agent?: string | undefined;
}

/** A subagent, which is a thread of its own. */
export interface AgentState {
  /** The call that began it. */
  itemId: ItemId | undefined;
  /** Its running turn. */
  turn: string | undefined;
  /** What it said last. */
  said: string;
}

/** The answer that an option stands for. `note`: said to the agent afterwards, because its answer has no room for words. */
export interface Choice {
  result: unknown;
  isDenial: boolean;
}

export type OpenPrompt = { requestId: RequestId; key: string | undefined } & (
  | { type: 'approval'; approvalId: ApprovalId; choices: Readonly<Record<string, Choice>> }
  | { type: 'question'; questionId: QuestionId; form: QuestionForm }
);

/** How answers go back: by id to Codex's own question, or as the fields of an MCP server's form. */
export type QuestionForm =
  | { type: 'codex'; questions: readonly { id: string; question: string }[] }
  | { type: 'mcp'; fields: readonly { id: string; question: string; kind: string }[] };

export interface Skill {
  name: string;
  description: string;
  path: string;
}

export interface Offer {
  models: readonly AgentModel[];
  commands: readonly AgentCommand[];
  skills: readonly Skill[];
  mcpServers: readonly { name: string; status: string }[];
}

export interface CodexState {
  cwd: string;
  threadId: string;
  turn: TurnState | undefined;
  /** Codex's own id of a turn that Baton did not ask for and of which nothing has been said yet. */
  unasked: string | undefined;
  /** A turn that reviews: Codex's own id of it, and of the reviewer's, which runs in it on the same thread. */
  reviewing: { turnId: string; reviewer: string | undefined } | undefined;
  texts: readonly OpenText[];
  /** By `toKey`. */
  tools: Readonly<Record<string, OpenTool>>;
  /** By thread. */
  agents: Readonly<Record<string, AgentState>>;
  prompts: readonly OpenPrompt[];
  /** Commands that outlived their turn, by `toKey`: their titles. */
  background: Readonly<Record<string, string>>;
  /** Items that the user denied, by `toKey`. */
  denied: readonly string[];
  offer: Offer;
  /** Causes told once in a session. */
  told: readonly string[];
  /** Tokens of each thread so far. */
  tokens: Readonly<Record<string, Tokens>>;
  /** Tokens of each thread that were there before this session. */
  inherited: Readonly<Record<string, Tokens>>;
  /** Tokens of what was taken back since. */
  kept: WholeUsage;
  contextUsed: number;
  contextSize: number | undefined;
}

export function createState(start: { cwd: string; threadId: string }): CodexState {
  return {
    ...start,
    turn: undefined,
    unasked: undefined,
    reviewing: undefined,
    texts: [],
    tools: {},
    agents: {},
    prompts: [],
    background: {},
    denied: [],
    offer: { models: [], commands: [], skills: [], mcpServers: [] },
    told: [],
    tokens: {},
    inherited: {},
    kept: NO_USAGE,
    contextUsed: 0,
    contextSize: undefined,
  };
}

/** Ids of items are unique in their thread only. */
export const toKey = (threadId: string, itemId: string): string => `${threadId} ${itemId}`;

export type Step = StepOf<CodexState>;
export type Translation = TranslationOf<CodexState>;
