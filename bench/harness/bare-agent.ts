import { join } from 'node:path';
import type { Rehearsal } from '@baton/rehearsal';

/** The real programs, as the tests pin them. */
export const AGENTS_FOLDER = join(import.meta.dirname, '..', '..', 'test-agents', 'node_modules');

export const PROMPT = 'Say this back to me.';

/** Where a program runs alone. */
export interface BarePlace {
  /** An empty folder. */
  cwd: string;
  /** The whole environment, with a home of its own. */
  env: Readonly<Record<string, string>>;
}

/** One way in which a person or a program uses the agent without Baton. */
export interface BareWay {
  name: string;
  /** As Baton drives it, so that the two can be compared; the first of an agent's ways always is. */
  isSameMode?: boolean;
  /** Milliseconds from the start of the program until its first text of the model was there to be read. */
  measure(place: BarePlace, rehearsal: Rehearsal): Promise<number>;
}

/** An agent whose starts are measured, alone and through Baton. */
export interface BareAgent {
  title: string;
  /** Its id in Baton. */
  backend: string;
  serverEnv: Readonly<Record<string, string>>;
  /** What a session, and the program alone, need to talk to a scripted model. */
  sessionEnv(rehearsal: Rehearsal): Record<string, string>;
  /** Baton is compared with the first: the program as its users have it, in the mode that Baton drives it in. */
  bare: readonly [BareWay, ...BareWay[]];
  /** What makes the sessions after the first faster: a process that was started for them ahead of time, or one that they share. */
  next: 'kept warm' | 'shared';
  /** Fewer where one takes seconds. */
  rounds: number;
}
