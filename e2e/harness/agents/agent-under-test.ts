import { existsSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Rehearsal, Scenario } from '@baton/rehearsal';
import type { BehaviourId } from '../../behaviour/behaviour.ts';

/** The real programs, as `npm test` installs them. */
export const AGENTS_FOLDER = join(import.meta.dirname, '..', '..', '..', 'test-agents', 'node_modules');

/** A folder with this one program in it. On a path with all of them every server would ask each for its version. */
export function folderWith(program: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'baton-path-'));
  symlinkSync(join(AGENTS_FOLDER, '.bin', program), join(folder, program));
  return folder;
}

/** Each server and agent has a home of its own, where nothing is compiled yet: their code is compiled once for all. */
export const COMPILE_CACHE = join(AGENTS_FOLDER, '..', '..', 'node_modules', '.cache', 'compile');

/** One real agent that every behaviour is proven with. */
export interface AgentUnderTest {
  name: string;
  /** Id of the backend that drives it. */
  backend: string;
  /** Variables of the server that choose this agent. */
  serverEnv: Record<string, string>;
  /** The program's file name, and the server's variables that make it take the one at a path; absent where it needs none. */
  program?: { name: string; env(path: string): Record<string, string> };
  /** What has to be there. */
  programs: readonly string[];
  /** What a session needs in its environment to talk to a scripted model instead of a real one. */
  sessionEnv(rehearsal: Pick<Rehearsal, 'url' | 'apiKey'>): Record<string, string>;
  /** A model and a mode to change to, other than those it starts with. */
  change: { model: string; mode: string };
  /** How its provider calls that model, where the agent's own id is not the same. */
  changedModel?: string;
  /** A level of effort other than its usual one. */
  effort?: string;
  /** Whether it asks for several approvals before the first is answered. */
  asksTogether: boolean;
  /** What its model says besides when it calls for a command, so that its user is asked. */
  runInput?: Readonly<Record<string, unknown>>;
  /** Scripts in its own words, where a tool of it is like no other agent's. */
  scenarios?: Partial<Record<BehaviourId, Scenario>>;
  /** Behaviours in which it does little but wait, for a dozen seconds and more: played at the same time. */
  waits?: readonly BehaviourId[];
  /** Behaviours it cannot have, each with the reason: shown in `docs/agent-behaviours.md`. */
  lacks: Partial<Record<BehaviourId, string>>;
}

export function isInstalled(agent: AgentUnderTest): boolean {
  return agent.programs.every((path) => existsSync(path));
}
