import { randomUUID } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { AppError } from '@baton/protocol';
import { checkMode } from '../claude/modes.ts';
import { chooseConversation } from '../claude/resume.ts';
import type { StartOrder, StartedClaude } from '../claude/start-claude.ts';
import { type Guarded, toObjection } from './guard.ts';
import { toQueryOptions } from './launch.ts';
import { createTalk } from './talk.ts';
import { type SdkPlace, loadSdk, locateSdk } from './load-sdk.ts';
import { locateProgram } from './program.ts';
import { type Spawning, spawnForSdk } from './spawn.ts';
import { TOOLS, createTools } from './tools.ts';
import type { Hook, SpawnOrder } from './wire.ts';

export interface SdkSettings {
  place: SdkPlace;
  /** Baton's own folder, which agents are kept away from. */
  dataDir: string;
}

/** Has the SDK begin or resume a conversation with a program that the runner starts. Undefined when it is no longer wanted. */
export async function startSdk(order: StartOrder, { place, dataDir }: SdkSettings): Promise<StartedClaude | undefined> {
  const { settings, options, env, ears, isWanted } = order;
  const { cwd, model, mode, effort, nativeId, branch, history, sessionId } = options;
  if (mode !== undefined) checkMode(mode, env);
  const located = await locateSdk(place);
  const [sdk, program, conversation] = await Promise.all([
    loadSdk(located),
    locateProgram(located.folder, settings.executable, env),
    chooseConversation({ nativeId, branch, cwd, env, history, createId: randomUUID }),
  ]);
  if (!isWanted()) return undefined;
  const guarded = { dataDirs: [dataDir, await realpath(dataDir).catch(() => dataDir)], cwd };
  const talk = createTalk(ears);
  const spawning = Promise.withResolvers<Spawning>();
  const query = sdk.query({
    prompt: talk.prompts,
    options: {
      ...toQueryOptions({ conversation, model, mode, effort, env, cwd, program: program.path }),
      canUseTool: talk.canUseTool,
      mcpServers: { [TOOLS]: createTools(sdk, options.report) },
      hooks: { PreToolUse: [{ hooks: [toGuard(guarded)] }] },
      spawnClaudeCodeProcess(wanted: SpawnOrder) {
        const started = spawnForSdk(wanted, {
          ...{ cwd, marker: { session: sessionId, server: settings.serverMarker }, bounds: settings.bounds.stop },
          onOverlongLine: ears.onOverlongLine,
          onStderrLine: ears.onStderrLine,
          whenDone: talk.whenDone,
          onExit(exit) {
            talk.close();
            query.close();
            const bound = new Promise((resolve) => settings.clock.after(HEAR_OUT_MS, () => resolve(undefined)));
            void Promise.race([listening, bound]).then(() => ears.onExit(exit));
          },
        });
        spawning.resolve(started);
        return started.spawned;
      },
    },
  });
  const listening = talk.listen(query);
  const neverSpawned = listening.then(() => Promise.reject(new AppError('internal', 'The SDK started no program')));
  neverSpawned.catch(() => {});
  const process = await (await Promise.race([spawning.promise, neverSpawned])).process;
  // An SDK that listens no more leaves a program that nobody talks to.
  void listening.then(() => process.stop());
  const link = {
    pid: process.pid,
    send: talk.send,
    closeInput() {
      talk.end();
      process.closeInput();
    },
    stop: process.stop.bind(process),
  };
  return { link, version: `${located.version} (Claude Code ${program.version})`, nativeId: conversation.id };
}

/** How long what was read may still take to be told after the program has ended. */
const HEAR_OUT_MS = 2000;

function toGuard(guarded: Guarded): Hook {
  return async (call) => {
    const permissionDecisionReason = toObjection(call, guarded);
    if (permissionDecisionReason === undefined) return {};
    return {
      hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'deny', permissionDecisionReason },
    };
  };
}
