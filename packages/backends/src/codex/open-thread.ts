import { setTimeout } from 'node:timers/promises';
import type { OpenOptions } from '@baton/core';
import { AppError } from '@baton/protocol';
import { z } from 'zod';
import { wasUnderWay } from '../agent/was-under-way.ts';
import type { AppServer } from './app-server.ts';
import type { Lease } from './app-servers.ts';
import { toResumeFailure } from './exit-failure.ts';
import { PROVIDER } from './launch.ts';
import { DEFAULT_MODE, type Stance, checkMode, toMode, toStance } from './modes.ts';
import type { Trust } from './trust.ts';
import { readTurns } from './turns.ts';

const openedSchema = z.object({
  thread: z.object({ id: z.string() }),
  model: z.string(),
  reasoningEffort: z.string().nullish(),
  approvalPolicy: z.unknown(),
  sandbox: z.object({ type: z.string() }).nullish(),
});

export interface OpenedThread {
  threadId: string;
  model: string;
  effort: string | undefined;
  /** Undefined when the user's own settings make up one that Baton has no name for. */
  mode: string | undefined;
}

type Server = Pick<AppServer, 'readConfig' | 'request'>;

export interface ThreadChoice extends Omit<Lease, 'server'> {
  server: Server;
  options: Pick<OpenOptions, 'sessionId' | 'cwd' | 'model' | 'mode' | 'effort' | 'nativeId' | 'branch' | 'history'>;
  serverMarker: string;
  /** Of its folder, see `readTrust`. */
  trust: Promise<Trust>;
}

/**
 * Begins, resumes or branches a conversation. Never silently begins a new one: when Codex lost one that was under way, it
 * rejects with the reason.
 */
export async function openThread(choice: ThreadChoice): Promise<OpenedThread> {
  const { options, server } = choice;
  if (options.mode !== undefined) checkMode(options.mode);
  const reading = server.readConfig(options.cwd).then((config) => options.mode ?? toDefaultMode(config));
  const guess = options.mode ?? (choice.hasStance ? undefined : DEFAULT_MODE);
  const isNew = options.nativeId === undefined && options.branch === undefined;
  if (guess === undefined || !isNew) return open(choice, await reading);
  // It is begun while the settings are read, which hardly ever say otherwise; one without a turn leaves nothing.
  const early = open(choice, guess);
  early.catch(() => undefined);
  const putAway = () => early.then(({ threadId }) => server.request('thread/unsubscribe', { threadId }));
  const mode = await reading.catch((error: unknown) => {
    putAway().catch(() => undefined);
    throw error;
  });
  if (mode === guess) return early;
  await putAway();
  return open(choice, mode);
}

async function open(choice: ThreadChoice, mode: string | undefined): Promise<OpenedThread> {
  const stance = mode === undefined ? undefined : toStance(mode, choice.canSandbox);
  const settings = { ...(await toSettings(choice)), ...(stance === undefined ? {} : toThreadStance(stance)) };
  const answer = openedSchema.parse(await request(choice, settings));
  return {
    threadId: answer.thread.id,
    model: answer.model,
    effort: answer.reasoningEffort ?? undefined,
    mode: mode ?? toMode(answer.approvalPolicy, answer.sandbox?.type),
  };
}

const SANDBOXES = {
  readOnly: 'read-only',
  workspaceWrite: 'workspace-write',
  dangerFullAccess: 'danger-full-access',
} as const;

const toThreadStance = ({ approvalPolicy, sandboxPolicy }: Stance) => ({
  approvalPolicy,
  sandbox: SANDBOXES[sandboxPolicy.type],
});

const configSchema = z.object({
  config: z.looseObject({ approval_policy: z.unknown().optional(), sandbox_mode: z.unknown().optional() }),
});

// Whoever set up how far Codex may go means it for Baton's sessions too.
function toDefaultMode(read: unknown): string | undefined {
  const parsed = configSchema.safeParse(read);
  const { approval_policy: policy, sandbox_mode: sandbox } = parsed.success ? parsed.data.config : {};
  return policy == null && sandbox == null ? DEFAULT_MODE : undefined;
}

type Settings = Readonly<Record<string, unknown>>;

async function toSettings({ options, serverMarker, hasProvider, trust }: ThreadChoice): Promise<Settings> {
  const { cwd, model, effort, sessionId } = options;
  return {
    cwd,
    ...(model === undefined ? {} : { model }),
    ...(hasProvider ? { modelProvider: PROVIDER } : {}),
    config: {
      // By these, what the agent's commands leave running is found again, in this life of the server or the next.
      'shell_environment_policy.set.BATON_SESSION': sessionId,
      'shell_environment_policy.set.BATON_SERVER': serverMarker,
      ...(effort === undefined ? {} : { model_reasoning_effort: effort }),
      ...(await trust),
    },
  };
}

async function request(choice: ThreadChoice, settings: Settings): Promise<unknown> {
  const { server, options } = choice;
  const { nativeId, branch } = options;
  if (branch?.kind === 'fork') {
    // The fork may have been made by an earlier start, and stored.
    const known =
      nativeId === undefined || nativeId === branch.nativeId
        ? undefined
        : await resume(server, nativeId, settings).catch(() => undefined);
    return known ?? (await fork(server, branch, settings));
  }
  if (branch?.kind === 'rewind') {
    const resumed = await resumeOrExplain(server, branch.nativeId, settings);
    await revertTo(server, branch);
    return resumed;
  }
  if (nativeId === undefined) return server.request('thread/start', settings);
  try {
    return await resume(server, nativeId, settings);
  } catch (error) {
    // Codex stores a conversation with its first turn.
    if (/no rollout found/i.test(toMessage(error)) && !(await wasUnderWay(options.history())))
      return server.request('thread/start', settings);
    throw toExplained(nativeId, error);
  }
}

const toMessage = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function toExplained(nativeId: string, error: unknown): unknown {
  const failure = toResumeFailure(nativeId, toMessage(error));
  return failure === undefined ? error : new AppError(failure.kind, failure.message, {}, { cause: error });
}

const PAUSE_MS = 50;
/** How often a refusal is asked about again that passes by itself. */
const PASSING: readonly { says: RegExp; mostTries: number }[] = [
  // A session that was stopped a moment ago: Codex closes its thread when it has answered.
  { says: /is closing/i, mostTries: 200 },
  // A Codex that was killed with its server holds the thread until the system has put it away. One in a terminal stays.
  { says: /active writer/i, mostTries: 60 },
];

async function requestOpen(server: Server, method: string, params: unknown): Promise<unknown> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await server.request(method, params);
    } catch (error) {
      const passing = PASSING.find(({ says }) => says.test(toMessage(error)));
      if (passing === undefined || tries >= passing.mostTries) throw error;
    }
    await setTimeout(PAUSE_MS);
  }
}

const isArchived = (error: unknown): boolean => /is archived/i.test(toMessage(error));

// Who wants to go on with a conversation wants it out of the archive, whoever put it there: a stop that was cut short, too.
async function resume(server: Server, threadId: string, settings: Settings): Promise<unknown> {
  const ask = () => requestOpen(server, 'thread/resume', { threadId, excludeTurns: true, ...settings });
  try {
    return await ask();
  } catch (error) {
    if (!isArchived(error)) throw error;
    await server.request('thread/unarchive', { threadId });
    return ask();
  }
}

async function resumeOrExplain(server: Server, threadId: string, settings: Settings): Promise<unknown> {
  try {
    return await resume(server, threadId, settings);
  } catch (error) {
    throw toExplained(threadId, error);
  }
}

async function fork(
  server: Server,
  branch: { nativeId: string; point?: string | undefined },
  settings: Settings,
): Promise<unknown> {
  const { nativeId: threadId, point } = branch;
  const until = point === undefined ? {} : { lastTurnId: point };
  const ask = () => requestOpen(server, 'thread/fork', { threadId, excludeTurns: true, ...settings, ...until });
  try {
    return await ask();
  } catch (error) {
    if (!isArchived(error)) throw toExplained(threadId, error);
    // Whoever put it into the archive has it there again.
    await server.request('thread/unarchive', { threadId });
    try {
      return await ask();
    } finally {
      await server.request('thread/archive', { threadId }).catch(() => undefined);
    }
  }
}

// The turn after the one to keep is the first to go. When there is none, all is as it should be.
async function revertTo(
  server: Server,
  { nativeId: threadId, point }: { nativeId: string; point?: string | undefined },
): Promise<void> {
  if (point === undefined) return;
  let after: string | undefined;
  for await (const turn of readTurns(server, threadId)) {
    if (turn === point) {
      if (after !== undefined) await server.request('thread/revert', { threadId, beforeTurnId: after });
      return;
    }
    after = turn;
  }
  throw new AppError(
    'agent-exited',
    `Cannot go back in the conversation ${threadId}: Codex no longer has that point of it.`,
  );
}
