import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson, sessionIdSchema, toDiskFault, turnIdSchema, type TurnId } from '@baton/protocol';
import { z } from 'zod';
import { toHeardFolder } from './runner-files.ts';

const startSchema = z.object({
  sessionId: sessionIdSchema,
  /** The number of the event that asked for its start. */
  startedBy: z.int(),
  /** Of which life of the machine: what was not on the disk when it ended is not there. Null: nobody can tell. */
  boot: z.string().nullable(),
});
const heardSchema = z.object({ heard: turnIdSchema.nullable() });
type Start = z.infer<typeof startSchema>;

/**
 * What the agents of a runner may have heard, written down before they do: whoever finds the runner dead knows it. One small
 * file for each run in `<data>/runner/<id>.heard/`, never synced: what a process wrote is there when it was killed, and costs
 * some hundredths of a millisecond.
 */
export interface HeardNotes {
  /** A run begins; nothing was heard. Where this cannot be written, only a server that knows the run finds its notes. */
  begin(run: string, start: Omit<Start, 'boot'>): void;
  /** As `OpenOptions.noteHeard`. */
  note(run: string, turnId: TurnId | null): void;
  /** The run is over, and a server knows. */
  forget(run: string): void;
}

/** What is known of one run of a runner that died. */
export interface RunNotes {
  /** As `AgentExit.heard`; undefined: nobody can tell. */
  heard: TurnId | null | undefined;
  start: Omit<Start, 'boot'> | undefined;
}

export function createHeardNotes(dataDir: string, id: string): HeardNotes {
  const folder = toHeardFolder(dataDir, id);
  const boot = readBoot();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const append = (run: string, line: object) =>
    appendFileSync(join(folder, run), `${JSON.stringify(line)}\n`, { mode: 0o600 });

  return {
    begin(run, start) {
      try {
        append(run, { ...start, boot } satisfies Start);
      } catch {
        // Then it is found by its name alone.
      }
    },
    note(run, turnId) {
      try {
        append(run, { heard: turnId });
      } catch (cause) {
        throw toDiskFault('The prompt was not given to the agent: cannot write down that it is', cause);
      }
    },
    forget: (run) => rmSync(join(folder, run), { force: true }),
  };
}

/** What a runner that is dead wrote down, by the names of its runs; undefined when it did not write down such things. */
export function readHeardNotes(dataDir: string, id: string): ReadonlyMap<string, RunNotes> | undefined {
  const folder = toHeardFolder(dataDir, id);
  try {
    return new Map(readdirSync(folder).map((run) => [run, toNotes(readFileSync(join(folder, run), 'utf8'))]));
  } catch {
    return undefined;
  }
}

// A line that was not written whole is no reason to believe the one before it.
function toNotes(text: string): RunNotes {
  const notes: RunNotes = { heard: null, start: undefined };
  for (const line of text.split('\n').slice(0, -1)) {
    const json = parseJson(line);
    const value = json.ok ? json.value : undefined;
    const start = startSchema.safeParse(value);
    if (start.success) {
      const { boot, ...rest } = start.data;
      if (boot !== null && boot === readBoot()) notes.start = rest;
      continue;
    }
    const heard = heardSchema.safeParse(value);
    notes.heard = heard.success ? heard.data.heard : undefined;
  }
  return text.endsWith('\n') ? notes : { ...notes, heard: undefined };
}

function readBoot(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}
