import type {
  AgentCommand,
  AgentModel,
  ApprovalId,
  Failure,
  ItemId,
  Question,
  QuestionId,
  ToolCallItem,
  TurnId,
} from '@baton/protocol';
import type { StepOf, TranslationOf } from '../agent/step.ts';
import type { WholeUsage } from '../agent/whole-usage.ts';
import type { InitMessage, PermissionUpdate, Tokens } from './wire.ts';

export interface TurnState {
  turnId: TurnId;
  /** Our own id of the prompt, by which the result names it; absent for a turn that the agent began by itself. */
  promptUuid?: string;
  /** Background work was seen but no turn of the agent's own: nothing will say that it is over, only silence. */
  isBackground: boolean;
  isInterrupting: boolean;
  hasSpoken: boolean;
  /** Causes already told in a notice. */
  told: readonly string[];
  /** What the CLI said when a request to the model failed; the turn may still recover. */
  trouble?: { cause: string; text: string };
  /** Decided by Baton, whatever the agent says at the end. */
  failure?: Failure;
  /** Our ids of what was added to the turn, with whether the agent has read it. */
  steers: readonly Steer[];
  /** What earlier results of the same turn cost: the agent may take up what was added only after its own end. */
  cost?: TurnCost;
}

export interface Steer {
  uuid: string;
  isRead: boolean;
}

export interface TurnCost {
  usage?: WholeUsage;
  costUsd?: number;
}

/** A message or reasoning being streamed, on the main thread; subagents do not stream. */
export interface OpenText {
  itemId: ItemId;
  type: 'agent-message' | 'reasoning';
  messageId: string;
  index: number;
  text: string;
  /** Its stream broke off; the next attempt's block of the same type takes its place, and streams no more. */
  isOrphan: boolean;
  isMuted: boolean;
}

export interface OpenTool {
  itemId: ItemId;
  item: ToolCallItem;
  parentItemId?: ItemId;
  /** Held back until it has a result or needs an answer: work of a background agent, which must not keep a turn open. */
  isHeld: boolean;
  /** What it printed so far. */
  live: string;
}

/** What an option of an approval stands for. */
export type Choice =
  | { behavior: 'allow'; updates: readonly PermissionUpdate[] }
  | { behavior: 'deny'; message: string };

export type OpenPrompt = { requestId: string; toolUseId: string; input: Readonly<Record<string, unknown>> } & (
  | { type: 'approval'; approvalId: ApprovalId; choices: Readonly<Record<string, Choice>> }
  | { type: 'question'; questionId: QuestionId; questions: readonly Question[] }
);

export interface Offer {
  models: readonly (AgentModel & { resolved?: string })[];
  commands: readonly AgentCommand[];
  tools: readonly string[];
  mcpServers: readonly { name: string; status: string }[];
}

export interface PlanEntry {
  id: string;
  title: string;
  status: 'pending' | 'in-progress' | 'completed';
}

export interface ClaudeState {
  cwd: string;
  nativeId: string;
  model: string | undefined;
  mode: string | undefined;
  effort: string | undefined;
  turn: TurnState | undefined;
  /** The agent said that it has nothing to do. */
  isIdle: boolean;
  messageId: string | undefined;
  /** The last message of the conversation, where one can come back to it. */
  point: string | undefined;
  texts: readonly OpenText[];
  /** By `tool_use` id. */
  tools: Readonly<Record<string, OpenTool>>;
  /** Items of subagents by their `tool_use` id, open or not, because a background agent outlives its call. */
  agents: Readonly<Record<string, ItemId>>;
  /** `tool_use` ids by task id. */
  tasks: Readonly<Record<string, string>>;
  /** `tool_use` ids that the user denied. */
  denied: readonly string[];
  prompts: readonly OpenPrompt[];
  plan: readonly PlanEntry[];
  offer: Offer;
  /** It has not been asked yet what it offers, of which the beginning of a turn tells a part. */
  isOfferDue: boolean;
  /** That part, as the first turn began. */
  earlyInit: InitMessage | undefined;
  /** Totals the agent counts, as of the last result; `undefined` before the first of this process. */
  costUsd: number | undefined;
  tokens: WholeUsage;
  /** Of the request that streams now. */
  request: Tokens;
  contextUsed: number;
  contextSize: number | undefined;
}

export function createState(start: {
  cwd: string;
  nativeId: string;
  model: string | undefined;
  mode: string | undefined;
  effort?: string | undefined;
}): ClaudeState {
  return {
    effort: undefined,
    ...start,
    turn: undefined,
    isIdle: false,
    messageId: undefined,
    point: undefined,
    texts: [],
    tools: {},
    agents: {},
    tasks: {},
    denied: [],
    prompts: [],
    plan: [],
    offer: { models: [], commands: [], tools: [], mcpServers: [] },
    isOfferDue: false,
    earlyInit: undefined,
    costUsd: undefined,
    tokens: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
    request: {},
    contextUsed: 0,
    contextSize: undefined,
  };
}

export type Step = StepOf<ClaudeState>;
export type Translation = TranslationOf<ClaudeState>;
