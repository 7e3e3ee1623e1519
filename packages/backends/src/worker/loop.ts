import type { AgentSession, ApprovalAnswer, Clock, OpenOptions, Prompt } from '@baton/core';
import { AppError, type Answers, type QuestionId, toAppError } from '@baton/protocol';
import { MODES, toMode } from './approve.ts';
import { createConversation } from './conversation.ts';
import { type RehearsalModels, selectModel, toModels } from './model/select-model.ts';
import { nothingSpent } from './model/usage.ts';
import { createPending } from './pending.ts';
import { readLog, toResumed } from './resume.ts';
import { COMPACT_COMMAND, runTurn } from './run-turn.ts';
import { InterruptError, PATIENCE, type Patience, type WorkerState } from './state.ts';
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

/** One conversation of the worker. */
export class WorkerSession implements AgentSession {
  readonly #options: OpenOptions;
  readonly #loop: LoopOptions;
  readonly #ready: Promise<WorkerState>;
  #model: string | undefined;
  #mode: string | undefined;
  #running: { abort: AbortController; ended: Promise<void> } | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: OpenOptions, loop: LoopOptions) {
    this.#options = options;
    this.#loop = loop;
    this.#model = options.model;
    this.#mode = options.mode;
    this.#ready = this.#start();
    // Told to whoever prompts; by then the session has reported that it ended.
    this.#ready.catch(() => {});
  }

  async prompt(prompt: Prompt): Promise<void> {
    const state = await this.#ready;
    if (this.#stopping !== undefined)
      throw new AppError('agent-exited', 'Cannot take the prompt: the agent is being stopped');
    if (this.#running !== undefined) throw new AppError('conflict', 'Cannot take the prompt: a turn is running');
    const abort = new AbortController();
    this.#running = { abort, ended: this.#runTurn(state, prompt, abort.signal) };
  }

  async interrupt(): Promise<void> {
    this.#running?.abort.abort(new InterruptError());
  }

  async answerApproval(answer: ApprovalAnswer): Promise<void> {
    (await this.#ready).approvals.answer(answer.approvalId, answer);
  }

  async answerQuestion({ questionId, answers }: { questionId: QuestionId; answers: Answers }): Promise<void> {
    (await this.#ready).questions.answer(questionId, answers);
  }

  async configure(change: { model?: string | undefined; mode?: string | undefined }): Promise<void> {
    const state = await this.#ready;
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
      return this.#toState(resumed);
    } catch (cause) {
      const { kind, message } = toAppError(cause);
      await report({ type: 'agent.exited', code: null, signal: null, expected: false, failure: { kind, message } });
      throw cause;
    }
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
      patience: { ...PATIENCE, ...patience },
      conversation: createConversation(this.#options, resumed.history),
      scope: createPathScope(cwd),
      runCommand: create({ env, sessionEnv, sessionId, serverMarker }),
      approvals: createPending('approval'),
      questions: createPending('question'),
      selectModel: () => selectModel({ env: this.#env(), model: this.#model, rehearsal }),
      mode: toMode(this.#mode),
      grants: resumed.grants,
      spent: resumed.spent,
      used: resumed.used,
      onGrant: new Set(),
      edits: Promise.resolve(),
    };
  }

  async #runTurn(state: WorkerState, prompt: Prompt, signal: AbortSignal): Promise<void> {
    const { turnId, input } = prompt;
    state.conversation.note({ type: 'turn.started', turnId, input: [...input], by: 'user' });
    const end = await runTurn(
      { session: state, turnId, signal, spent: nothingSpent, sinceCompaction: Number.POSITIVE_INFINITY },
      prompt,
    );
    this.#running = undefined;
    await state.conversation.report(end);
  }
}
