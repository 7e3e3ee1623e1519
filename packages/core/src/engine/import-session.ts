import type { Actors } from './actors.ts';
import type { Engine, ImportedSession, Receipt } from './engine.ts';

/** Makes a session of a conversation that began elsewhere. */
export function importSession(
  { sessionId, created, past, env }: ImportedSession,
  { commandId, actor: person }: Parameters<Engine['importSession']>[1],
  { actors, now }: { actors: Actors; now(): number },
): Promise<Receipt> {
  const createdAt = past[0]?.at ?? new Date(now()).toISOString();
  return actors.use(sessionId, (actor) =>
    actor.execute({
      command: { type: 'session.import', created, past: past.map(({ event }) => event) },
      past: { times: [createdAt, ...past.map(({ at }) => at)], env },
      by: person.id,
      commandId,
    }),
  );
}
