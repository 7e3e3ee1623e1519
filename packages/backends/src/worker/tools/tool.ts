import type { Answers, Question, ToolKind, ToolOutput } from '@baton/protocol';
import type { z } from 'zod';
import type { Mode, Need } from '../approve.ts';
import type { PathScope } from './path-scope.ts';
import type { CommandRunner } from './command-runner.ts';

/** What a call came to. A failure is a result the model reads, not a fault. */
export interface ToolOutcome {
  status: 'completed' | 'failed';
  output: ToolOutput[];
}

export interface PlanEntry {
  title: string;
  status: 'pending' | 'in-progress' | 'completed';
}

/** What a running tool has of the session around it. */
export interface ToolContext {
  scope: PathScope;
  signal: AbortSignal;
  runCommand: CommandRunner;
  /** Live output of a command. */
  onOutput(text: string): void;
  /** Waits for the user; rejects when the turn is interrupted. */
  ask(questions: Question[]): Promise<Answers>;
  setPlan(entries: PlanEntry[]): void | Promise<void>;
}

export interface PreparedCall {
  title: string;
  need: Need;
  /** Real paths the call touches. */
  locations: { path: string }[];
  run(context: ToolContext): Promise<ToolOutcome>;
}

/** One tool the worker offers its model. */
export interface WorkerTool {
  name: string;
  description: string;
  kind: ToolKind;
  schema: Record<string, unknown>;
  /** In which modes it is offered. */
  isOffered(mode: Mode): boolean;
  /** Reads the input and says what the call would do. Rejects with `invalid-input`. */
  prepare(input: unknown, scope: PathScope): Promise<PreparedCall>;
}

export const failed = (text: string): ToolOutcome => ({ status: 'failed', output: [{ type: 'text', text }] });

export const said = (text: string): ToolOutcome => ({ status: 'completed', output: [{ type: 'text', text }] });

export interface ToolDefinition<I> {
  name: string;
  description: string;
  kind: ToolKind;
  input: z.ZodType<I>;
  isOffered?: (mode: Mode) => boolean;
  prepare(input: I, scope: PathScope): PreparedCall | Promise<PreparedCall>;
}
