import type { AgentReport, AgentSession, ApprovalAnswer, OpenOptions, Prompt } from '@baton/core';
import {
  type Answers,
  type ApprovalId,
  createId,
  type Failure,
  type ItemId,
  type QuestionId,
  type TurnId,
} from '@baton/protocol';
import { createArrivals } from './arrivals.ts';

/** One opened agent, played by the test: it says what the test says, and keeps what it was asked. */
export interface ScriptedAgent {
  readonly options: OpenOptions;
  readonly prompts: readonly Prompt[];
  readonly approvals: readonly ApprovalAnswer[];
  readonly answers: readonly { questionId: QuestionId; answers: Answers }[];
  readonly changes: readonly { model?: string | undefined; mode?: string | undefined }[];
  readonly interrupts: number;
  readonly stopped: boolean;
  report(report: AgentReport): void | Promise<void>;
  /** What it is to change from now on it takes when this resolves, and refuses when it rejects. */
  changeAfter(gate: Promise<void>): void;
  /** `agent.started` and `agent.ready`. */
  start(): void;
  /** A whole message item, streamed in the given pieces. */
  say(turnId: TurnId, ...pieces: string[]): ItemId;
  ask(turnId: TurnId): ApprovalId;
  end(turnId: TurnId, outcome?: 'completed' | 'interrupted' | 'failed'): void;
  /** The process dies. */
  crash(failure?: Failure): void;
  nextPrompt(): Promise<Prompt>;
  nextInterrupt(): Promise<void>;
}

/** What the agent says, in whole sentences. */
type Voice = Pick<ScriptedAgent, 'start' | 'say' | 'ask' | 'end' | 'crash'>;

/** The agent for the test that plays it, and the same agent for the engine that asks it. */
export function createScriptedAgent(
  options: OpenOptions,
  onPrompt?: (agent: ScriptedAgent, prompt: Prompt) => void,
): { agent: ScriptedAgent; session: AgentSession } {
  const prompts: Prompt[] = [];
  const approvals: ApprovalAnswer[] = [];
  const answers: { questionId: QuestionId; answers: Answers }[] = [];
  const changes: { model?: string | undefined; mode?: string | undefined }[] = [];
  const prompted = createArrivals<Prompt>();
  const interrupted = createArrivals<undefined>();
  let interrupts = 0;
  let stopped = false;
  let changing = Promise.resolve();

  const agent: ScriptedAgent = {
    options,
    prompts,
    approvals,
    answers,
    changes,
    get interrupts() {
      return interrupts;
    },
    get stopped() {
      return stopped;
    },
    report: options.report,
    changeAfter(gate) {
      changing = gate;
    },
    ...createVoice(options),
    nextPrompt: prompted.next,
    nextInterrupt: interrupted.next,
  };

  const session: AgentSession = {
    async prompt(prompt) {
      prompts.push(prompt);
      prompted.push(prompt);
      onPrompt?.(agent, prompt);
    },
    async interrupt() {
      interrupts += 1;
      interrupted.push(undefined);
    },
    async answerApproval(answer) {
      approvals.push(answer);
    },
    async answerQuestion(answer) {
      answers.push(answer);
    },
    async configure(change) {
      changes.push(change);
      await changing;
    },
    async stop() {
      if (!stopped) void options.report({ type: 'agent.exited', code: 0, signal: null, expected: true });
      stopped = true;
    },
  };
  return { agent, session };
}

function createVoice({ sessionId, report }: OpenOptions): Voice {
  // A scripted agent has no output to stop reading.
  const tell = (each: AgentReport) => void report(each);
  return {
    start() {
      tell({ type: 'agent.started', pid: null, version: '1.0.0', nativeId: `native-${sessionId}` });
      tell({ type: 'agent.ready', models: [], modes: [], commands: [], tools: [], mcpServers: [] });
    },
    say(turnId, ...pieces) {
      const itemId = createId('item');
      tell({ type: 'item.started', turnId, itemId, item: { type: 'agent-message', text: '' } });
      for (const text of pieces) tell({ type: 'item.delta', itemId, field: 'text', text });
      tell({ type: 'item.ended', itemId, item: { type: 'agent-message', text: pieces.join('') } });
      return itemId;
    },
    ask(turnId) {
      const approvalId = createId('approval');
      tell({
        type: 'approval.requested',
        approvalId,
        turnId,
        title: 'touch file',
        action: { kind: 'execute', tool: 'Bash', input: { command: 'touch file' } },
        options: [
          { id: 'allow', title: 'Allow once', kind: 'allow-once' },
          { id: 'deny', title: 'Deny', kind: 'deny-once', takesNote: true },
        ],
      });
      return approvalId;
    },
    end(turnId, outcome = 'completed') {
      tell({ type: 'turn.ended', turnId, outcome, usage: { inputTokens: 10, outputTokens: 5 } });
    },
    crash(failure) {
      const why = failure === undefined ? {} : { failure };
      tell({ type: 'agent.exited', code: null, signal: 'SIGKILL', expected: false, ...why });
    },
  };
}
