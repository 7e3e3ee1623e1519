import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { StoredSession, StoredSessions } from '@baton/core';
import { eachJsonLine } from '../stored/json-lines.ts';
import { listFiles, readFolder } from '../stored/list-files.ts';
import { createPace } from '../stored/pace.ts';
import { toRefPath } from '../stored/ref-path.ts';
import { StoredLog } from '../stored/stored-log.ts';
import { toTitle } from '../stored/to-title.ts';
import { watchFolders } from '../stored/watch-folders.ts';
import { type AgentLines, callsAgent, toAgentCalls, toInlineAgents, weaveAgents } from './stored-agents.ts';
import { toLiveBranch } from './stored-branch.ts';
import { StoredConversation } from './stored-conversation.ts';
import { type StoredLine, type Transcript, addLine, toMetaToolUseId } from './stored-line.ts';
import { isOpenInClaude } from './stored-live.ts';

/** More subagents than this of one conversation are not looked for. */
const MAX_AGENTS = 200;
const TRANSCRIPT = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl$/i;
const AGENT = /^agent-(.+)\.jsonl$/;

/** The conversations in Claude Code's own folder. `env` is what the agent would run with. */
export function createClaudeStored({ env }: { env: Readonly<Record<string, string | undefined>> }): StoredSessions {
  const root = env['CLAUDE_CONFIG_DIR'] || join(env['HOME'] ?? env['USERPROFILE'] ?? homedir(), '.claude');
  const projects = join(root, 'projects');
  return {
    list: () => listFiles({ root: projects, depth: 1, isWanted: (name) => TRANSCRIPT.test(name) }),
    read: (ref) => readTranscript(projects, ref),
    watch: (onChange) => watchFolders({ root: projects, depth: 1, onChange }),
    isLive: (nativeId) => isOpenInClaude(root, nativeId),
  };
}

async function readTranscript(projects: string, ref: string): Promise<StoredSession | undefined> {
  const path = toRefPath(projects, ref);
  const nativeId = TRANSCRIPT.exec(ref.split('/').at(-1) ?? '')?.[1];
  const transcript = await readLines(path);
  const pace = createPace();
  const branch = await toLiveBranch(transcript.lines, pace);
  const cwd = branch.find((line) => line.cwd !== undefined)?.cwd;
  if (nativeId === undefined || cwd === undefined) return undefined;
  const agents = await readAgents(path, transcript.lines, branch);
  const lines = weaveAgents(branch, agents);
  const log = new StoredLog();
  const conversation = new StoredConversation(log, { nativeId, cwd });
  await pace.each(lines.entries(), ([index, line]) => conversation.add(line, lines[index + 1]));
  conversation.finish();
  return toSession(transcript, { nativeId, cwd, log, conversation });
}

async function readLines(path: string): Promise<Transcript> {
  const transcript: Transcript = { lines: [] };
  await eachJsonLine(path, (value) => addLine(transcript, value));
  return transcript;
}

async function readAgents(
  path: string,
  lines: readonly StoredLine[],
  branch: readonly StoredLine[],
): Promise<AgentLines[]> {
  const inline = toInlineAgents(lines);
  if (!branch.some(callsAgent)) return inline;
  const folder = join(path.slice(0, -'.jsonl'.length), 'subagents');
  const calls = toAgentCalls(branch);
  const files = (await readFolder(folder)).map(({ name }) => name).filter((name) => AGENT.test(name));
  for (const name of files.slice(0, MAX_AGENTS)) {
    const file = join(folder, name);
    const meta = await readFile(file.replace(/\.jsonl$/, '.meta.json'), 'utf8').catch(() => '');
    const toolUseId = toMetaToolUseId(meta) ?? calls.get(AGENT.exec(name)?.[1] ?? '');
    if (toolUseId === undefined) continue;
    // One that cannot be read is missing under its call; the conversation is there all the same.
    const found = await readLines(file).catch((): undefined => undefined);
    if (found !== undefined) inline.push({ toolUseId, lines: found.lines });
  }
  return inline;
}

interface Read {
  nativeId: string;
  cwd: string;
  log: StoredLog;
  conversation: StoredConversation;
}

function toSession(transcript: Transcript, { nativeId, cwd, log, conversation }: Read): StoredSession | undefined {
  const [first, last] = [log.events[0], log.events.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const { firstPrompt, model, usage } = conversation.facts;
  const named = transcript.customTitle ?? transcript.aiTitle ?? transcript.summary;
  const title = toTitle(named) ?? firstPrompt;
  return { nativeId, cwd, title, model, createdAt: first.at, updatedAt: last.at, usage, events: log.events };
}
