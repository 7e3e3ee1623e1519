import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@baton/core';
import { toProjectFolder } from './resume.ts';
import type { ClaudeState } from './state.ts';
import type { SystemMessage } from './wire.ts';

type TaskStarted = Extract<SystemMessage, { subtype: 'task_started' }>;

const POLL_MS = 200;
const CHUNK = 64 * 1024;
const MAX_LIVE = 512 * 1024;

/** What running commands print. The protocol has no message for it, but the CLI writes it to a file as it comes. */
export interface LiveOutput {
  /** A task began; followed when it is a command of an open tool call. */
  follow(task: TaskStarted, state: ClaudeState): void;
  /** Lets go of commands that are over. */
  keep(state: ClaudeState): void;
  close(): void;
}

export function createLiveOutput(options: {
  clock: Clock;
  env: Readonly<Record<string, string>>;
  onText(toolUseId: string, text: string): void;
}): LiveOutput {
  const followed = new Map<string, () => void>();

  function follow(task: TaskStarted, state: ClaudeState): void {
    const toolUseId = task.tool_use_id;
    if (task.task_type !== 'local_bash' || toolUseId === undefined) return;
    if (!(toolUseId in state.tools) || followed.has(toolUseId)) return;
    const files = toOutputFiles(task.task_id, state, options.env);
    followed.set(toolUseId, tail({ files, clock: options.clock, onText: (text) => options.onText(toolUseId, text) }));
  }

  function release(isOver: (toolUseId: string) => boolean): void {
    for (const [toolUseId, stop] of followed) {
      if (!isOver(toolUseId)) continue;
      stop();
      followed.delete(toolUseId);
    }
  }

  return {
    follow,
    keep: (state) => release((toolUseId) => !(toolUseId in state.tools)),
    close: () => release(() => true),
  };
}

// The folder depends on the version and on two variables.
function toOutputFiles(taskId: string, state: ClaudeState, env: Readonly<Record<string, string>>): string[] {
  const roots = [env['CLAUDE_CODE_TMPDIR'], env['TMPDIR'], tmpdir(), '/tmp'].filter((root) => root !== undefined);
  const inner = [
    `claude-${process.getuid?.() ?? 0}`,
    toProjectFolder(state.cwd),
    state.nativeId,
    'tasks',
    `${taskId}.output`,
  ];
  return [...new Set(roots)].map((root) => join(root, ...inner));
}

function tail(options: { files: readonly string[]; clock: Clock; onText(text: string): void }): () => void {
  const decoder = new TextDecoder();
  let handle: FileHandle | undefined;
  let offset = 0;
  let isOver = false;
  let cancel = options.clock.after(0, look);

  function look(): void {
    void read()
      .catch(() => {})
      .then(() => {
        if (!isOver) cancel = options.clock.after(POLL_MS, look);
        else void handle?.close().catch(() => {});
      });
  }

  async function read(): Promise<void> {
    handle ??= await openFirst(options.files);
    if (handle === undefined || offset >= MAX_LIVE) return;
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(CHUNK), 0, CHUNK, offset);
    offset += bytesRead;
    if (bytesRead > 0 && !isOver) options.onText(decoder.decode(buffer.subarray(0, bytesRead), { stream: true }));
  }

  return () => {
    isOver = true;
    cancel();
    // Closing twice is harmless; a read under way closes what it opens.
    void handle?.close().catch(() => {});
  };
}

async function openFirst(files: readonly string[]): Promise<FileHandle | undefined> {
  for (const file of files) {
    const handle = await open(file, 'r').catch(() => undefined);
    if (handle !== undefined) return handle;
  }
  return undefined;
}
