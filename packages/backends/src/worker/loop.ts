import type { AgentSession, ApprovalAnswer, Change, Clock, OpenOptions, Prompt } from '@baton/core';
import { AppError, type Answers, type InputPart, type QuestionId, toAppError } from '@baton/protocol';
import { HeldPrompt } from '../agent/held-prompt.ts';
import { MODES, toMode } from './approve.ts';
import { createConversation } from './conversation.ts';
import { checkEffort, toEfforts } from './model/model-list.ts';
import { type RehearsalModels, selectModel, toDefaultModel, toModels } from './model/select-model.ts';
import { nothingSpent } from './model/usage.ts';
import { createPending } from './pending.ts';
import { readLog, toResumed } from './resume.ts';
import { COMPACT_COMMAND, runTurn } from './run-turn.ts';
import { InterruptError, type Patience, type TurnState, toPatience, type WorkerState } from './state.ts';
import { type CommandRunner, type CommandRunnerOptions, createCommandRunner } from './tools/command-runner.ts';
import { createPathScope } from './tools/path-scope.ts';
import { TOOLS } from './tools/tool-list.ts';

export interface LoopOptions {
  /** The server's variables. */
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  version: string;
  serverMarker: string;
  rehearsal?: RehearsalModels | undefined;
  patience?: Partial<Patience> | undefined;
  createCommandRunner?: ((options: CommandRunnerOptions) => CommandRunner) | undefined;
}

const TOO_LATE = 'What was added last came too late for this turn; the agent reads it with the next.';

/** One conversation of the worker. */
export class WorkerSession implements AgentSession {
  readonly held: HeldPrompt;
  readonly #options: OpenOptions;
  readonly #loop: LoopOptions;
  readonly #ready: Promise<WorkerState>;
  #model: string | undefined;
  #mode: string | undefined;
  #running: { turn: TurnState; abort: AbortController; ended: Promise<void> } | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: OpenOptions, loop: LoopOptions) {
    this.held = new HeldPrompt(options);
    this.#options = options;
    this.#loop = loop;
    this.#model = options.model;
    this.#mode = options.mode;
    this.#ready = this.#start();
    // Told to whoever prompts; by then the session has reported that it ended.
    this.#ready.catch(() => {});
  }

  async prompt(prompt: Prompt): Promise<void> {
    this.held.hold(prompt);
    const state = await this.#ready;
    if (this.#stopping !== undefined)
      throw new AppError('agent-exited', 'Cannot take the prompt: the agent is being stopped');
    if (this.#running !== undefined) throw new AppError('conflict', 'Cannot take the prompt: a turn is running');
    if (!this.held.take(prompt)) return;
    this.held.hand();
    const abort = new AbortController();
    const { turnId, input } = prompt;
    state.conversation.note({ type: 'turn.started', turnId, input: [...input], by: 'user' });
    const turn: TurnState = {
      ...{ session: state, turnId, signal: abort.signal, spent: nothingSpent, steers: [] },
      sinceCompaction: Number.POSITIVE_INFINITY,
    };
    this.#running = { turn, abort, ended: this.#runTurn(turn, prompt) };
  }

  async steer(input: readonly InputPart[]): Promise<void> {
    const { conversation } = await this.#ready;
    if (this.#running === undefined)
      throw new AppError('turn-not-running', 'The turn had ended by then. Send it as a prompt');
    const { turn } = this.#running;
    conversation.note({ type: 'turn.steered', turnId: turn.turnId, input: [...input], by: 'user' });
    turn.steers.push(input);
  }

  async interrupt(): Promise<void> {
    // Behind a prompt that was given just before.
    await this.#ready;
    this.#running?.abort.abort(new InterruptError());
  }

  async answerApproval(answer: ApprovalAnswer): Promise<void> {
    (await this.#ready).approvals.answer(answer.approvalId, answer);
  }

  async answerQuestion({ questionId, answers }: { questionId: QuestionId; answers: Answers }): Promise<void> {
    (await this.#ready).questions.answer(questionId, answers);
  }

  async configure(change: Change): Promise<void> {
    const state = await this.#ready;
    if (change.effort !== undefined) {
      checkEffort(change.effort, this.#modelOf(change.model ?? this.#model));
      state.effort = change.effort;
    }
    if (change.model !== undefined && change.model !== this.#model) {
      this.#model = change.model;
      state.conversation.forgetSignatures();
    }
    if (change.mode === undefined) return;
    state.mode = toMode(change.mode);
    for (const check of state.onGrant) check();
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    const isUp = await this.#ready.then(
      () => true,
      () => false,
    );
    if (!isUp) return;
    this.#running?.abort.abort(new InterruptError());
    await this.#running?.ended;
    await this.#options.report({ type: 'agent.exited', code: null, signal: null, expected: true });
  }

  async #start(): Promise<WorkerState> {
    const { report } = this.#options;
    try {
      await report({ type: 'agent.started', pid: null, version: this.#loop.version });
      const resumed = toResumed(await readLog(this.#options.history()));
      await report({
        type: 'agent.ready',
        models: toModels(this.#env(), this.#loop.rehearsal),
        modes: [...MODES],
        commands: [{ name: COMPACT_COMMAND, description: 'Summarise the conversation to make room in the window' }],
        tools: TOOLS.map((tool) => tool.name),
        mcpServers: [],
      });
      await this.#tellEffort();
      return this.#toState(resumed);
    } catch (cause) {
      const { kind, message } = toAppError(cause);
      await report({ type: 'agent.exited', code: null, signal: null, expected: false, failure: { kind, message } });
      throw cause;
    }
  }

  // Another model may know it: it is no reason not to start.
  async #tellEffort(): Promise<void> {
    const { effort, report } = this.#options;
    const model = this.#modelOf(this.#model);
    if (effort === undefined || toEfforts(model).includes(effort)) return;
    const text = `The model "${model}" has no effort "${effort}" and thinks as hard as it does by itself.`;
    await report({ type: 'notice.raised', level: 'warning', text });
  }

  #modelOf(model: string | undefined): string {
    return model ?? toDefaultModel(this.#env(), this.#loop.rehearsal) ?? '';
  }

  #env(): Record<string, string | undefined> {
    return { ...this.#loop.env, ...this.#options.env };
  }

  #toState(resumed: ReturnType<typeof toResumed>): WorkerState {
    const { env, clock, serverMarker, rehearsal, patience } = this.#loop;
    const { sessionId, cwd, env: sessionEnv } = this.#options;
    const create = this.#loop.createCommandRunner ?? createCommandRunner;
    return {
      options: this.#options,
      clock,
      patience: toPatience(this.#env(), patience),
      conversation: createConversation(this.#options, resumed.history),
      scope: createPathScope(cwd),
      runCommand: create({ env, sessionEnv, sessionId, serverMarker }),
      approvals: createPending('approval'),
      questions: createPending('question'),
      selectModel: () => selectModel({ env: this.#env(), model: this.#model, rehearsal }),
      mode: toMode(this.#mode),
      effort: this.#options.effort,
      grants: resumed.grants,
      spent: resumed.spent,
      used: resumed.used,
      onGrant: new Set(),
      edits: Promise.resolve(),
    };
  }

  async #runTurn(turn: TurnState, prompt: Prompt): Promise<void> {
    const { conversation } = turn.session;
    const end = await runTurn(turn, prompt);
    this.#running = undefined;
    if (turn.steers.length > 0) await conversation.report({ type: 'notice.raised', level: 'info', text: TOO_LATE });
    await conversation.report(end);
  }
}
