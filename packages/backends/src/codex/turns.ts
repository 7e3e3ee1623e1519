import { z } from 'zod';
import type { AppServer } from './app-server.ts';

const pageSchema = z.object({ data: z.array(z.object({ id: z.string() })), nextCursor: z.string().nullish() });
const PAGE = 100;

/** Codex's own ids of the turns that a conversation has, the newest first. */
export async function* readTurns(server: Pick<AppServer, 'request'>, threadId: string): AsyncGenerator<string> {
  let cursor: string | undefined;
  do {
    const params = { threadId, limit: PAGE, sortDirection: 'desc', itemsView: 'notLoaded' };
    const answer = await server.request('thread/turns/list', {
      ...params,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const page = pageSchema.parse(answer);
    for (const { id } of page.data) yield id;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}
