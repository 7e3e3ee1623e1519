import { access, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Branch } from '@baton/core';
import { AppError, type RecordedEvent } from '@baton/protocol';
import { wasUnderWay } from '../agent/was-under-way.ts';
import type { Conversation } from './launch.ts';
import { parsePoint } from './point.ts';
import { isOpenInClaude } from './stored-live.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface ResumeQuestion {
  nativeId: string | undefined;
  branch?: Branch | undefined;
  cwd: string;
  env: Readonly<Record<string, string>>;
  history(): AsyncIterable<RecordedEvent>;
  createId(): string;
}

/**
 * Whether to resume, to branch or to begin. The CLI writes a transcript in the course of the first turn, so a conversation
 * without one and of which no turn ever came to its end is begun under the id it already has. A conversation that was under
 * way and has lost its transcript is resumed all the same: the CLI then refuses, which is better than silently forgetting.
 *
 * Rejects with `conflict` for one that another process has open: each would lose what the other adds.
 *
 * Going back is a branch too: cutting the conversation where it stands would take away what forks of it still need, and
 * nothing would tell whether it was done.
 */
export async function chooseConversation(question: ResumeQuestion): Promise<Conversation> {
  const { nativeId, branch } = question;
  const isStored = nativeId !== undefined && (await hasTranscript(nativeId, question));
  // A branch whose first turn was never stored begins again where the other conversation is.
  if (branch !== undefined && !(isStored && nativeId !== branch.nativeId)) return chooseBranch(question, branch);
  if (nativeId === undefined) return { type: 'new', id: question.createId() };
  if (isStored || (await wasUnderWay(question.history()))) {
    await checkFree(nativeId, question);
    return { type: 'resume', id: nativeId };
  }
  return { type: 'new', id: toNewId(question) };
}

const PAUSE_MS = 100;
/** One that was killed with its server, or that is being ended, may be there so long; one in a terminal stays. */
const LEAVES_MS = 3000;

async function checkFree(nativeId: string, { env }: ResumeQuestion): Promise<void> {
  for (let waited = 0; waited < LEAVES_MS; waited += PAUSE_MS) {
    if (!(await isOpenInClaude(toRoot(env), nativeId))) return;
    await setTimeout(PAUSE_MS);
  }
  const why = 'two programs on one conversation would lose what the other does';
  throw new AppError(
    'conflict',
    `this conversation is open in a terminal, and ${why}. End it there, or fork the session`,
  );
}

async function chooseBranch(question: ResumeQuestion, branch: Branch): Promise<Conversation> {
  const id = toNewId(question, branch.nativeId);
  const point = branch.point === undefined ? undefined : parsePoint(branch.point);
  const candidates = [point?.nativeId ?? branch.nativeId, branch.nativeId];
  const stored = await Promise.all(candidates.map((candidate) => hasTranscript(candidate, question)));
  const from = candidates[stored.indexOf(true)];
  if (from !== undefined) return { type: 'branch', id, from, upTo: point?.messageId };
  if (!(await wasUnderWay(question.history()))) return { type: 'new', id };
  return { type: 'branch', id, from: branch.nativeId, upTo: point?.messageId };
}

// The CLI takes no id that is in use.
function toNewId({ nativeId, createId }: ResumeQuestion, taken?: string): string {
  return nativeId !== undefined && UUID.test(nativeId) && nativeId !== taken ? nativeId : createId();
}

async function hasTranscript(nativeId: string, { cwd, env }: ResumeQuestion): Promise<boolean> {
  const projects = join(toRoot(env), 'projects');
  const file = `${nativeId}.jsonl`;
  if (await exists(join(projects, toProjectFolder(cwd), file))) return true;
  // The folder's path may have changed since; newer versions find the conversation anywhere.
  const folders = await readdir(projects).catch(() => []);
  const found = await Promise.all(folders.map((folder) => exists(join(projects, folder, file))));
  return found.includes(true);
}

/** In bytes: it only grows, by whoever has the conversation open. Undefined where it is not in its folder. */
export async function readTranscriptSize(
  nativeId: string,
  { cwd, env }: Pick<ResumeQuestion, 'cwd' | 'env'>,
): Promise<number | undefined> {
  const path = join(toRoot(env), 'projects', toProjectFolder(cwd), `${nativeId}.jsonl`);
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}

function toRoot(env: Readonly<Record<string, string>>): string {
  return env['CLAUDE_CONFIG_DIR'] ?? join(env['HOME'] ?? env['USERPROFILE'] ?? '', '.claude');
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The folder name Claude Code makes of a project's real path. One way only: never decode it. */
export function toProjectFolder(path: string): string {
  const plain = path.replace(/[^a-zA-Z0-9]/g, '-');
  if (plain.length <= 200) return plain;
  let hash = 0;
  for (let index = 0; index < path.length; index += 1) hash = ((hash << 5) - hash + path.charCodeAt(index)) | 0;
  return `${plain.slice(0, 200)}-${Math.abs(hash).toString(36)}`;
}
