import { mkdir } from 'node:fs/promises';
import type { Clock, Engine } from '@baton/core';
import {
  AppError,
  type CheckpointDiff,
  type CheckpointId,
  type CheckpointView,
  createId,
  isAppError,
  type SessionId,
  toDiskFault,
  toDiskFaultSaid,
} from '@baton/protocol';
import type { CheckpointLog, StoredCheckpoint } from './checkpoint-log.ts';
import { compareTrees, countTreeChanges } from './compare-trees.ts';
import { isGone, type PrivateRepository } from './private-repository.ts';
import { toShown } from './raw-path.ts';
import type { Repositories } from './repositories.ts';
import { checkPaths } from './restore-paths.ts';
import { applyRestore, planRestore, type RestorePlan } from './restore-tree.ts';
import { EMPTY_TREE, takeSnapshot } from './take-snapshot.ts';

export interface SaveRequest {
  sessionId: SessionId;
  folder: string;
  title: string;
  trigger: CheckpointView['trigger'];
  turnId?: CheckpointView['turnId'];
}

export interface RestoreRequest {
  checkpoint: StoredCheckpoint;
  /** Who goes back: its log tells of it, and the present is saved among its checkpoints. */
  sessionId: SessionId;
  folder: string;
  paths?: readonly string[] | undefined;
  /** Between the plan, which changed nothing, and its execution. What it throws ends the restore. */
  before?(): Promise<void>;
}

export interface CheckpointKeeper {
  /** Always makes one. */
  save(request: SaveRequest): Promise<CheckpointView>;
  /** Makes one only when the folder differs from the session's last; undefined otherwise. */
  saveChanged(request: SaveRequest): Promise<CheckpointView | undefined>;
  /** Reads the folder ahead of the first save, which in a large one takes long. */
  readAhead(folder: string): Promise<void>;
  restore(request: RestoreRequest): Promise<{ checkpointId: CheckpointId; savedAs: CheckpointId; files: number }>;
  diff(checkpoint: StoredCheckpoint, to: StoredCheckpoint | 'now'): Promise<CheckpointDiff>;
  /** Gives up all checkpoints of a session. */
  forget(sessionId: SessionId, folder: string): Promise<void>;
}

export interface KeeperParts {
  engine: Engine;
  log: CheckpointLog;
  repositories: Repositories;
  clock: Clock;
}

/** Saves between two rounds of tidying. */
const TIDY_EVERY = 50;

export function createCheckpointKeeper(parts: KeeperParts): CheckpointKeeper {
  const { engine, log, repositories } = parts;
  let saves = 0;

  async function save(request: SaveRequest, wanted: (tree: string, last?: StoredCheckpoint) => boolean) {
    const { folder } = request;
    const view = await repositories.use(folder, async (repository, signal) => {
      const { tree } = await takeSnapshot(repository, { signal });
      const last = (await log.list(request.sessionId)).at(-1);
      return wanted(tree, last) ? keep(parts, request, { repository, signal, tree }) : undefined;
    });
    saves += 1;
    if (saves % TIDY_EVERY === 0) repositories.tidy(folder);
    return view;
  }

  async function restore(request: RestoreRequest) {
    const { checkpoint, sessionId, folder } = request;
    // What was deleted with the folder comes back with it.
    if (await isGone(folder)) await makeFolder(folder);
    return repositories.use(folder, async (repository, signal) => {
      const paths = request.paths && (await checkPaths(folder, request.paths));
      const plan = await planRestore(repository, { target: checkpoint.tree, paths }, signal);
      await request.before?.();
      const title = `Before going back to “${checkpoint.title}”`;
      const saved = await keep(
        parts,
        { sessionId, folder, title, trigger: 'restore' },
        { repository, signal, tree: plan.present },
      );
      await apply({ repository, signal }, plan, saved.id);
      const shown = paths?.map(toShown);
      const event = { type: 'checkpoint.restored' as const, checkpointId: checkpoint.id, savedAs: saved.id };
      await engine.note(sessionId, { ...event, ...(shown === undefined ? {} : { paths: shown }) });
      return { checkpointId: checkpoint.id, savedAs: saved.id, files: plan.changes.length };
    });
  }

  return {
    async save(request) {
      const view = await save(request, () => true);
      if (view === undefined) throw new AppError('internal', 'A checkpoint was asked for and not made');
      return view;
    },
    saveChanged: (request) => save(request, (tree, last) => last === undefined || last.tree !== tree),
    readAhead: (folder) =>
      repositories.use(folder, async (repository, signal) => void (await takeSnapshot(repository, { signal }))),
    restore,
    diff: (from, to) => compare(repositories, from, to),
    async forget(sessionId, folder) {
      // First the files, so that what is cut short here is found again.
      await repositories.release(folder, async () => (await log.list(sessionId)).map(({ id }) => id));
      await log.remove(sessionId);
    },
  };
}

// A folder that was deleted has nothing in it.
async function compare(
  repositories: Repositories,
  from: StoredCheckpoint,
  to: StoredCheckpoint | 'now',
): Promise<CheckpointDiff> {
  const diff =
    (toTree: (place: Place) => Promise<string>) => async (repository: PrivateRepository, signal: AbortSignal) => {
      const found = await compareTrees(repository, [from.tree, await toTree({ repository, signal })], signal);
      return { from: from.id, to: to === 'now' ? to : to.id, ...found };
    };
  if (to !== 'now')
    return repositories.read(
      from.folder,
      diff(async () => to.tree),
    );
  if (await isGone(from.folder))
    return repositories.read(
      from.folder,
      diff(async () => EMPTY_TREE),
    );
  return repositories.use(
    from.folder,
    diff(async ({ repository, signal }) => (await takeSnapshot(repository, { signal })).tree),
  );
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw toDiskFault(`Cannot make the folder "${folder}"`, cause);
  }
}

interface Place {
  repository: PrivateRepository;
  signal: AbortSignal;
}

/** Gives a snapshot its name, in the repository first, then in the records, then in the session's log. */
async function keep(
  { engine, log, repositories, clock }: KeeperParts,
  { sessionId, folder, title, trigger, turnId }: SaveRequest,
  { repository, signal, tree }: Place & { tree: string },
): Promise<CheckpointView> {
  const last = (await log.list(sessionId)).at(-1);
  const files = await countTreeChanges(repository, [toComparable(last, folder), tree], signal);
  const view: CheckpointView = {
    id: createId('checkpoint'),
    ...{ sessionId, title, trigger },
    ...(last === undefined ? {} : { parent: last.id }),
    ...(turnId === undefined ? {} : { turnId }),
    files,
    createdAt: new Date(clock.now()).toISOString(),
  };
  await repositories.keep(repository, { id: view.id, tree });
  await log.add({ ...view, tree, folder });
  // The end of a turn that changed nothing can be gone back to, and is not worth a line in the log.
  if (trigger !== 'turn-ended' || files > 0) await note(engine, view);
  return view;
}

function toComparable(last: StoredCheckpoint | undefined, folder: string): string {
  return last === undefined || last.folder !== folder ? EMPTY_TREE : last.tree;
}

async function note(engine: Engine, view: CheckpointView): Promise<void> {
  const { id: checkpointId, sessionId, title, parent, turnId, trigger, files } = view;
  await engine.note(sessionId, {
    type: 'checkpoint.created',
    ...{ checkpointId, title, trigger, files },
    ...(parent === undefined ? {} : { parent }),
    ...(turnId === undefined ? {} : { turnId }),
  });
}

async function apply({ repository, signal }: Place, plan: RestorePlan, savedAs: CheckpointId): Promise<void> {
  try {
    await applyRestore(repository, plan, signal);
  } catch (cause) {
    if (isAppError(cause) && cause.kind === 'shutting-down') throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    const mend = `What was there is saved as checkpoint "${savedAs}": mend the cause and restore again, or restore that one`;
    const what = 'Not all files could be put back';
    const fault = toDiskFaultSaid(what, why) ?? new AppError('internal', `${what}: ${why}`);
    throw new AppError(fault.kind, `${fault.message}. ${mend}`, {}, { cause });
  }
}
