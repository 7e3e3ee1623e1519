import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordedEvent } from '@baton/protocol';
import type { LaunchChoice } from './launch.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface ResumeQuestion {
  nativeId: string | undefined;
  cwd: string;
  env: Readonly<Record<string, string>>;
  history(): AsyncIterable<RecordedEvent>;
  createId(): string;
}

/**
 * Whether to resume or to begin. The CLI writes a transcript at the first turn, so a conversation without one and in
 * which the agent never said or did anything is begun under the id it already has. A conversation that was under way and
 * has lost its transcript is resumed all the same: the CLI then refuses, which is better than silently forgetting.
 */
export async function chooseConversation(question: ResumeQuestion): Promise<LaunchChoice['conversation']> {
  const { nativeId } = question;
  if (nativeId === undefined) return { type: 'new', id: question.createId() };
  if (await hasTranscript(nativeId, question)) return { type: 'resume', id: nativeId };
  if (await wasUnderWay(question.history())) return { type: 'resume', id: nativeId };
  return { type: 'new', id: UUID.test(nativeId) ? nativeId : question.createId() };
}

async function hasTranscript(nativeId: string, { cwd, env }: ResumeQuestion): Promise<boolean> {
  const root = env['CLAUDE_CONFIG_DIR'] ?? join(env['HOME'] ?? env['USERPROFILE'] ?? '', '.claude');
  const projects = join(root, 'projects');
  const file = `${nativeId}.jsonl`;
  if (await exists(join(projects, toProjectFolder(cwd), file))) return true;
  // The folder's path may have changed since; newer versions find the conversation anywhere.
  const folders = await readdir(projects).catch(() => []);
  const found = await Promise.all(folders.map((folder) => exists(join(projects, folder, file))));
  return found.includes(true);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function wasUnderWay(history: AsyncIterable<RecordedEvent>): Promise<boolean> {
  for await (const { event } of history) {
    if (event.type === 'item.ended' && event.item.type !== 'user-message' && event.item.type !== 'error') return true;
  }
  return false;
}

/** The folder name Claude Code makes of a project's real path. One way only: never decode it. */
export function toProjectFolder(path: string): string {
  const plain = path.replace(/[^a-zA-Z0-9]/g, '-');
  if (plain.length <= 200) return plain;
  let hash = 0;
  for (let index = 0; index < path.length; index += 1) hash = ((hash << 5) - hash + path.charCodeAt(index)) | 0;
  return `${plain.slice(0, 200)}-${Math.abs(hash).toString(36)}`;
}
