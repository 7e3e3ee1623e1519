import { appendFile, readFile, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseJson, toJsonLine } from '@baton/protocol';
import { z } from 'zod';
import { mendGeminiMessages, toGeminiMessages } from './mend-gemini-messages.ts';

// Gemini CLI keeps a conversation in `chats/session-<minute>-<first part of its id>.jsonl`. To find one again it makes an
// empty file for the same conversation, named after the present minute. That destroys the history in two ways:
// in the minute in which the real file was made both are the same file; and with the settings that everybody has, the next
// start of any Gemini CLI in the folder deletes all files of a conversation of which one is empty.
// So the real file gets the name of an earlier minute before, and the empty one is removed after. And it may hold what no
// provider takes: see `mend-gemini-messages.ts`. And it writes U+2028 and U+2029 as they are, which end a line where Node's
// readline reads it back (24.21; not yet in 20.20): all messages of such a line, often the whole conversation, are lost to it.

const LINE_END = '\n';
const READ_AS_LINE_END = /[\n\u2028\u2029]/;

const NAME = /^session-(\d{4}-\d\d-\d\dT\d\d-\d\d)-([0-9a-f]{8})\.jsonl$/;
const MINUTE = 60_000;

const headSchema = z.looseObject({ sessionId: z.string() });
const messageSchema = z.union([
  z.looseObject({ type: z.enum(['user', 'gemini']) }),
  // What it tells its model of the machine is one message, and there is always that one.
  z.looseObject({ $set: z.looseObject({ messages: z.array(z.unknown()).min(2) }) }),
]);

interface ChatFile {
  path: string;
  minute: string;
  text: string;
  lines: readonly unknown[];
  isEmpty: boolean;
}

export interface GeminiConversation {
  env: Readonly<Record<string, string>>;
  nativeId: string;
  /** Milliseconds since the epoch. */
  now: number;
}

/** Call before Gemini CLI is started to find a conversation again. Never rejects: without the files it says so itself. */
export async function prepareGeminiHistory(conversation: GeminiConversation): Promise<void> {
  const files = await findFiles(conversation);
  if (files.every(({ isEmpty }) => isEmpty)) return;
  await removeEmpty(files);
  await mendFiles(files);
  const taken = new Set(files.map(({ minute }) => minute));
  // It may start in the next minute.
  const risky = [toMinute(conversation.now), toMinute(conversation.now + MINUTE)];
  for (const file of files.filter(({ isEmpty, minute }) => !isEmpty && risky.includes(minute))) {
    let at = conversation.now - MINUTE;
    while (taken.has(toMinute(at))) at -= MINUTE;
    taken.add(toMinute(at));
    const name = basename(file.path).replace(file.minute, toMinute(at));
    await rename(file.path, join(file.path, '..', name)).catch(() => {});
  }
}

/** Call after the conversation was found. */
export async function tidyGeminiHistory(conversation: GeminiConversation): Promise<void> {
  const files = await findFiles(conversation);
  if (files.some(({ isEmpty }) => !isEmpty)) await removeEmpty(files);
}

/** Call when Gemini CLI has ended, so that a terminal can find the conversation again. Never rejects. */
export async function mendGeminiHistory(conversation: GeminiConversation): Promise<void> {
  await mendFiles(await findFiles(conversation));
}

// Added as one line, as Gemini CLI itself rewrites its history: all that was there stays.
async function mendFiles(files: readonly ChatFile[]): Promise<void> {
  for (const { path, text, lines } of files) {
    const stored = toGeminiMessages(lines);
    if (stored === undefined) continue;
    const messages = mendGeminiMessages(stored) ?? stored;
    const read = toGeminiMessages(toValues(text, READ_AS_LINE_END));
    if (JSON.stringify(read) === JSON.stringify(messages)) continue;
    const line = toJsonLine({ $set: { messages } });
    await appendFile(path, `${text.endsWith('\n') ? '' : '\n'}${line}\n`).catch(() => {});
  }
}

async function removeEmpty(files: readonly ChatFile[]): Promise<void> {
  for (const { path } of files.filter(({ isEmpty }) => isEmpty)) await rm(path, { force: true }).catch(() => {});
}

const toMinute = (at: number): string => new Date(at).toISOString().slice(0, 16).replace(':', '-');

async function findFiles({ env, nativeId }: GeminiConversation): Promise<ChatFile[]> {
  const root = join(env['GEMINI_CLI_HOME'] ?? env['HOME'] ?? env['USERPROFILE'] ?? '', '.gemini', 'tmp');
  const projects = await readdir(root).catch(() => []);
  const found = await Promise.all(projects.map((project) => findInProject(join(root, project, 'chats'), nativeId)));
  return found.flat();
}

async function findInProject(folder: string, nativeId: string): Promise<ChatFile[]> {
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    names.map(async (name): Promise<ChatFile[]> => {
      const [, minute = '', id] = NAME.exec(name) ?? [];
      if (id === undefined || !nativeId.startsWith(id)) return [];
      const path = join(folder, name);
      const text = await readFile(path, 'utf8').catch(() => '');
      const lines = toValues(text, LINE_END);
      const head = lines.map((value) => headSchema.safeParse(value)).find(({ success }) => success);
      if (head?.data?.sessionId !== nativeId) return [];
      return [{ path, minute, text, lines, isEmpty: !lines.some((value) => messageSchema.safeParse(value).success) }];
    }),
  );
  return files.flat();
}

const toValues = (text: string, lineEnd: string | RegExp): unknown[] =>
  text.split(lineEnd).flatMap((line) => {
    const parsed = parseJson(line);
    return parsed.ok ? [parsed.value] : [];
  });
