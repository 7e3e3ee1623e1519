import type { Engine, FeatureCall, Receipt } from '@baton/core';
import { AppError, type Problem, type SessionId, type SessionView, type TurnId } from '@baton/protocol';
import type { Once } from '../request/once.ts';
import type { CheckpointLog, StoredCheckpoint } from './checkpoint-log.ts';

export interface GoBack {
  checkpoint: StoredCheckpoint;
  session: SessionView;
  paths?: readonly string[] | undefined;
  before?(): Promise<void>;
}

interface RewindParts {
  engine: Engine;
  log: CheckpointLog;
  once: Once;
  restore(goBack: GoBack): Promise<unknown>;
  requireSession(id: SessionId): Promise<SessionView>;
}

/**
 * Takes a conversation back, and with `files` the folder too. The files are planned first and written last: a refusal of
 * either leaves both as they are.
 */
export async function rewindSession(parts: RewindParts, call: FeatureCall<'rewindSession'>): Promise<unknown> {
  const { engine, once, restore, requireSession } = parts;
  const { params, body, actor, commandId } = call;
  const command = { type: 'session.rewind' as const, sessionId: params.id, turnId: body.turnId };
  const id = commandId();
  const goBack = async () => unwrap(await engine.execute(command, { commandId: id, actor }));
  if (!body.files) return goBack();
  return once({ commandId: `${id}.files`, says: body }, async () => {
    const session = await requireSession(params.id);
    const checkpoint = await findTurnEnd(parts, session, body.turnId);
    let result: unknown;
    await restore({
      checkpoint,
      session,
      async before() {
        result = await goBack();
      },
    });
    return result;
  });
}

// A fork shares turns with the session that it comes from, and their folder.
async function findTurnEnd({ engine, log }: RewindParts, session: SessionView, turnId: TurnId) {
  for (let at: SessionView | undefined = session; at !== undefined; ) {
    const found = await log.findTurnEnd(at.id, turnId);
    if (found !== undefined) return found;
    at = at.parent && (await engine.readView(at.parent.sessionId));
  }
  const mend = 'go back without files, or restore another checkpoint';
  throw new AppError('conflict', `The folder was not saved at the end of turn "${turnId}": ${mend}`);
}

function unwrap(receipt: Receipt): unknown {
  if (receipt.ok) return receipt.result;
  throw toAppError(receipt.error);
}

function toAppError({ kind, detail, issues, answeredBy }: Problem): AppError {
  return new AppError(kind, detail, { issues, answeredBy });
}
