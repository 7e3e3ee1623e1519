import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { StoredSession, StoredSessionRef, StoredSessions } from '@baton/core';
import { AppError, parseJson } from '@baton/protocol';
import { z } from 'zod';
import { eachJsonLine } from '../stored/json-lines.ts';
import { listFiles, readFolder } from '../stored/list-files.ts';
import { createPace } from '../stored/pace.ts';
import { toRefPath } from '../stored/ref-path.ts';
import { StoredLog } from '../stored/stored-log.ts';
import { toTitle } from '../stored/to-title.ts';
import { watchFolders } from '../stored/watch-folders.ts';
import { StoredGeminiConversation, toSteps, toText } from './stored-gemini-conversation.ts';
import { type Chat, addLine } from './stored-gemini-line.ts';

/** `session-<minute>-<first letters of the id>.jsonl`: each time the CLI loads a conversation it goes on in another file. */
const CHAT = /^session-.+-([0-9a-f]{8})\.jsonl$/i;
const MAX_AGENTS = 200;

/** The conversations in Gemini CLI's own folder. `env` is what the agent would run with. */
export function createGeminiStored({ env }: { env: Readonly<Record<string, string | undefined>> }): StoredSessions {
  const root = join(env['GEMINI_CLI_HOME'] || (env['HOME'] ?? env['USERPROFILE'] ?? homedir()), '.gemini');
  const projects = join(root, 'tmp');
  return {
    list: () => listChats(projects),
    read: (ref) => readChats(root, ref),
    watch: (onChange) => watchFolders({ root: projects, depth: 2, onChange }),
    // No `isLive`: Gemini CLI notes nowhere which process has which conversation open.
  };
}

// The ref is the project and the first letters of the id, because one conversation can lie in several files.
async function* listChats(projects: string): AsyncGenerator<StoredSessionRef> {
  const enters = (name: string, level: number) => (level === 0 ? !name.startsWith('.') : name === 'chats');
  const chats = new Map<string, StoredSessionRef>();
  const files = listFiles({ root: projects, depth: 2, enters, isWanted: (name) => CHAT.test(name) });
  for await (const file of files) {
    const [project = '', , name = ''] = file.ref.split('/');
    const ref = `${project}/${CHAT.exec(name)?.[1] ?? ''}`;
    const known = chats.get(ref);
    const version = known === undefined ? file.version : `${known.version},${file.version}`;
    chats.set(ref, { ref, version, changedAt: Math.max(file.changedAt, known?.changedAt ?? 0) });
  }
  yield* chats.values();
}

async function readChats(root: string, ref: string): Promise<StoredSession | undefined> {
  const path = toRefPath(join(root, 'tmp'), ref);
  const folder = join(dirname(path), 'chats');
  const [project = '', id = ''] = ref.split('/');
  const names = (await readFolder(folder)).map(({ name }) => name).filter((name) => CHAT.exec(name)?.[1] === id);
  if (names.length === 0) {
    throw new AppError('not-found', `Gemini CLI has no conversation "${ref.slice(0, 200)}" any more`);
  }
  const chat = await readAll(names.toSorted().map((name) => join(folder, name)));
  const cwd = (await toFolder(root, project)) ?? chat.directory ?? toNamedFolder(chat);
  const nativeId = chat.sessionId;
  if (nativeId === undefined || cwd === undefined || chat.kind === 'subagent') return undefined;
  return toSession(chat, { nativeId, cwd, agents: await readAgents(join(folder, nativeId), chat) });
}

async function toSession(
  chat: Chat,
  place: { nativeId: string; cwd: string; agents: readonly Chat[] },
): Promise<StoredSession | undefined> {
  const log = new StoredLog();
  const conversation = new StoredGeminiConversation(log, place);
  const pace = createPace();
  await pace.each(toSteps(chat), (step) => conversation.write(step));
  conversation.finish();
  const [first, last] = [log.events[0], log.events.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const { nativeId, cwd } = place;
  const { firstPrompt, model, usage } = conversation;
  const title = toTitle(chat.summary) ?? toTitle(firstPrompt);
  return { nativeId, cwd, title, model, createdAt: first.at, updatedAt: last.at, usage, events: log.events };
}

/** Several files of one conversation as one; a later file goes on where an earlier one ended, or repeats it. */
async function readAll(paths: readonly string[]): Promise<Chat> {
  const whole = await readChat(paths[0] ?? '');
  for (const path of paths.slice(1)) {
    const next = await readChat(path);
    if (next.sessionId !== whole.sessionId) continue;
    for (const [id, message] of next.messages) whole.messages.set(id, message);
    if (next.summary !== undefined) whole.summary = next.summary;
  }
  return whole;
}

async function readChat(path: string): Promise<Chat> {
  const chat: Chat = { messages: new Map() };
  await eachJsonLine(path, (value) => addLine(chat, value));
  return chat;
}

async function readAgents(folder: string, chat: Chat): Promise<Chat[]> {
  const hasAgents = [...chat.messages.values()].some(({ toolCalls }) =>
    toolCalls.some(({ name }) => name === 'invoke_agent'),
  );
  if (!hasAgents) return [];
  const names = (await readFolder(folder)).map(({ name }) => name).filter((name) => name.endsWith('.jsonl'));
  const agents: Chat[] = [];
  for (const name of names.slice(0, MAX_AGENTS)) {
    // One that cannot be read is missing under its call; the conversation is there all the same.
    const agent = await readChat(join(folder, name)).catch((): undefined => undefined);
    if (agent !== undefined) agents.push(agent);
  }
  return agents;
}

const projectsSchema = z.object({ projects: z.record(z.string(), z.string()) });

/** The folder of a project, which is named by a short word that the CLI keeps twice. */
async function toFolder(root: string, project: string): Promise<string | undefined> {
  // Written without a line end, and blanks at the end of a name are part of it.
  const noted = await readFile(join(root, 'tmp', project, '.project_root'), 'utf8').catch(() => '');
  if (noted.trim() !== '') return noted.replace(/\r?\n$/, '');
  const parsed = parseJson(await readFile(join(root, 'projects.json'), 'utf8').catch(() => ''));
  const projects = projectsSchema.safeParse(parsed.ok ? parsed.value : undefined).data?.projects ?? {};
  return Object.entries(projects).find(([, name]) => name === project)?.[0];
}

/** What the CLI told its model about the folder, when nothing else is left. */
function toNamedFolder({ messages }: Chat): string | undefined {
  const [first] = messages.values();
  return /Workspace Directories:\*\*\s+- (.+)/.exec(first === undefined ? '' : toText(first.content))?.[1]?.trim();
}
