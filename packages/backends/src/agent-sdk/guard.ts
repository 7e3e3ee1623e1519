import { dirname, resolve, sep } from 'node:path';
import { z } from 'zod';

const callSchema = z.object({
  tool_name: z.string(),
  tool_input: z.object({
    file_path: z.string().optional(),
    notebook_path: z.string().optional(),
    path: z.string().optional(),
    command: z.string().optional(),
  }),
});

/** Files that no agent has a use for: with Baton's own key it could answer its own approvals. */
export interface Guarded {
  /** Baton's own folder, by every name it has. What lies in its subfolders is not guarded. */
  dataDirs: readonly string[];
  /** The session's folder, from which short paths start. */
  cwd: string;
}

/**
 * Why a call of a tool must not be, if so. A guard rail and no wall: a command can name a file in ways that no reading of it
 * finds.
 */
export function toObjection(call: unknown, { dataDirs, cwd }: Guarded): string | undefined {
  const parsed = callSchema.safeParse(call);
  if (!parsed.success) return undefined;
  const { file_path: file, notebook_path: notebook, path, command = '' } = parsed.data.tool_input;
  const named = [file, notebook, path].filter((each) => each !== undefined).map((each) => resolve(cwd, each));
  const isReached = dataDirs.some(
    (dataDir) => named.some((each) => each === dataDir || dirname(each) === dataDir) || namesFileIn(dataDir, command),
  );
  if (!isReached) return undefined;
  return "These are Baton's own files, keys among them, and no agent may read or change them. Go on without them.";
}

function namesFileIn(folder: string, command: string): boolean {
  const [, ...after] = command.split(`${folder}${sep}`);
  // A word that goes on to a subfolder.
  return after.some((rest) => !/^[^\s'"`;|&<>]+[/\\]/.test(rest));
}
