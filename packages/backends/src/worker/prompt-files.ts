import type { Prompt } from '@baton/core';
import type { InputPart } from '@baton/protocol';
import { type FileContent, WORKER_SOURCE } from './history.ts';
import type { TurnState } from './state.ts';
import { cutMiddle } from './tools/cut-text.ts';
import { readText } from './tools/change-file.ts';
import { listFolderTool } from './tools/list-folder.ts';
import type { PathScope } from './tools/path-scope.ts';

const MAX_CHARS = 100_000;

/** Puts what the named files hold now into the log, so that a resumed session tells the model the same. */
export async function readPromptFiles({ session, turnId }: TurnState, { input }: Prompt): Promise<void> {
  const files = await readFiles(session.scope, input);
  if (files.length === 0) return;
  await session.conversation.report({
    type: 'raw.received',
    source: WORKER_SOURCE,
    payload: { type: 'files', turnId, files },
  });
}

/** Gives the model what was added to the turn, and puts into the log where that was. */
export async function readSteers({ session, turnId, steers }: TurnState): Promise<void> {
  const taken = steers.splice(0);
  if (taken.length === 0) return;
  const files = await readFiles(session.scope, taken.flat());
  await session.conversation.report({
    type: 'raw.received',
    source: WORKER_SOURCE,
    payload: { type: 'steered', turnId, count: taken.length, files },
  });
}

function readFiles(scope: PathScope, input: readonly InputPart[]): Promise<FileContent[]> {
  const paths = input.flatMap((part) => (part.type === 'file' ? [part.path] : []));
  return Promise.all(paths.map((path) => readOne(scope, path)));
}

// The user named the file, which is permission enough to read it, wherever it is: but then this very file, and not one
// that a link in the session's folder leads to.
async function readOne(scope: PathScope, path: string): Promise<FileContent> {
  try {
    const target = await scope.resolve(path);
    if (target.isOutside && target.real !== path)
      return { path, text: `[it leads out of the folder, to ${target.real}]` };
    const text = await readText(target);
    if (text === undefined) return { path, text: '[there is no such file]' };
    if (typeof text === 'string') return { path, text: cutMiddle(text, MAX_CHARS).text };
    return { path, text: `[${text.refused} ${listFolderTool.name} shows folders.]` };
  } catch (cause) {
    return { path, text: `[it cannot be read: ${cause instanceof Error ? cause.message : String(cause)}]` };
  }
}
