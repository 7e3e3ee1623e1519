import type {
  AgentCommand,
  AgentMode,
  AgentModel,
  ApprovalId,
  Failure,
  ItemId,
  QuestionId,
  ToolCallItem,
  TurnId,
} from '@baton/protocol';
import { type StepOf, type TranslateContext, type TranslationOf, update } from '../agent/step.ts';
import { NO_USAGE, type WholeUsage } from '../agent/whole-usage.ts';
import type { ConfigOption, Property, RpcError, RpcId, ToolContent } from './wire.ts';

export interface TurnState {
  turnId: TurnId;
  /** A prompt of the user, whose answer ends it; otherwise the agent works by itself and only silence ends it. */
  isPrompted: boolean;
  isInterrupting: boolean;
  /** Something of it was said, done or asked. */
  isHeard: boolean;
  /** Causes already told in a notice. */
  told: readonly string[];
  /** What the agent said failed in the middle; the turn fails with it when it ends. */
  trouble?: string | undefined;
  /** Its provider limited it and it waits, until it says anything else. */
  limit?: Failure | undefined;
  /** Decided by Baton, whatever the agent says at the end. */
  failure?: Failure | undefined;
  /** What the user said about what was denied, for which the protocol has no place; the agent hears it next. */
  notes: readonly string[];
  /** The conversation's cost when the turn began. */
  costBefore: number;
  usageBefore: WholeUsage;
  /** What requests to the model used, from agents that tell it of each and not of the turn. */
  heard?: WholeUsage | undefined;
}

/** A message or reasoning being streamed. The protocol has no end for it: what comes next ends it. */
export interface OpenText {
  itemId: ItemId;
  type: 'agent-message' | 'reasoning';
  messageId: string | undefined;
  text: string;
}

export interface OpenTool {
  itemId: ItemId;
  item: ToolCallItem;
  parentItemId?: ItemId | undefined;
  /** Not shown before it says what it does: agents announce calls with a bare name first. */
  isShown: boolean;
  /** The agent's word for where it is. */
  status: string;
  content: readonly ToolContent[];
  /** The model is still writing its input. */
  isWriting: boolean;
  rawOutput: unknown;
  /** What it printed so far. */
  live: string;
  exitCode: number | null | undefined;
}

/** What a command that Baton runs for the agent printed, and how it ended. */
export interface TerminalNews {
  text?: string;
  exitCode?: number | null;
}

export type OpenPrompt = { rpcId: RpcId } & (
  | {
      type: 'approval';
      approvalId: ApprovalId;
      toolCallId: string;
      /** Offered option ids, and whether they allow. */
      options: Readonly<Record<string, boolean>>;
    }
  | {
      type: 'question';
      questionId: QuestionId;
      form: Readonly<Record<string, Property>> | 'url';
      /** Asked as if for permission: the option that hands in the answers. */
      optionId?: string;
    }
);

export interface Offer {
  models: readonly AgentModel[];
  modes: readonly AgentMode[];
  commands: readonly AgentCommand[];
}

/** What can be chosen of an agent, in the order in which one decides what the next can be. */
export const CHOSEN = ['model', 'mode', 'effort'] as const;
export type Chosen = (typeof CHOSEN)[number];

export interface AcpState {
  /** The agent's own name, by which its peculiarities are known. */
  agent: string;
  /** For people. */
  title: string;
  cwd: string;
  nativeId: string;
  model: string | undefined;
  mode: string | undefined;
  effort: string | undefined;
  /** What is being chosen for it just now: the agent's own word about that is no news. */
  choosing: readonly Chosen[];
  turn: TurnState | undefined;
  /** The agent repeats what was said before, which is shown already. */
  isReplaying: boolean;
  /** Since the conversation was opened a prompt was cancelled, or refused for what the agent remembers of its calls. */
  isCut: boolean;
  /** By the session they belong to: the conversation's own or a subagent's. */
  texts: Readonly<Record<string, OpenText>>;
  /** By tool call id. */
  tools: Readonly<Record<string, OpenTool>>;
  /** Ids of tool calls that ended, the last ones: what still comes of them is dropped. */
  over: readonly string[];
  /** What commands said before a call was told that shows them, by the id of their terminal; the last ones. */
  early: Readonly<Record<string, TerminalNews>>;
  /** Items of subagents, by the id of their tool call and by that of their session. */
  agents: Readonly<Record<string, ItemId>>;
  prompts: readonly OpenPrompt[];
  offer: Offer;
  config: readonly ConfigOption[];
  /** Whether models and modes are changed by the protocol's older requests. */
  hasLegacyModels: boolean;
  hasModes: boolean;
  usage: WholeUsage;
  context: { used: number; size: number } | undefined;
  costUsd: number | undefined;
}

export function createState(
  start: Pick<AcpState, 'title' | 'cwd' | 'model' | 'mode' | 'effort'> & { nativeId?: string | undefined },
): AcpState {
  return {
    ...start,
    agent: '',
    choosing: [],
    nativeId: start.nativeId ?? '',
    turn: undefined,
    isReplaying: false,
    isCut: false,
    texts: {},
    tools: {},
    over: [],
    early: {},
    agents: {},
    prompts: [],
    offer: { models: [], modes: [], commands: [] },
    config: [],
    hasLegacyModels: false,
    hasModes: false,
    usage: NO_USAGE,
    context: undefined,
    costUsd: undefined,
  };
}

/** An answer to a request of the agent. */
export type Reply = { rpcId: RpcId } & ({ result: unknown } | { error: RpcError });

export interface Step extends StepOf<AcpState> {
  readonly replies: Reply[];
}

export interface Translation extends TranslationOf<AcpState> {
  replies: Reply[];
}

/** Runs `work` on a fresh step; the state it began with stays as it was. */
export function runStep(state: AcpState, context: TranslateContext, work: (step: Step) => void): Translation {
  const step: Step = { state, reports: [], replies: [], context };
  work(step);
  return { state: step.state, reports: step.reports, replies: step.replies };
}

/** What was asked is answered, or no longer wanted. */
export function closePrompt(step: Step, prompt: OpenPrompt): void {
  update(step, { prompts: step.state.prompts.filter((open) => open !== prompt) });
}
