import { isAppError, type SessionView } from '@baton/protocol';
import type { Link } from '@baton/client';
import { resolveId } from './resolve-id.ts';

/** The session whose id was typed, whole or in part. */
export async function findSession({ api }: Pick<Link, 'api'>, typed: string): Promise<SessionView> {
  try {
    return await api.call('getSession', { params: { id: typed } });
  } catch (error) {
    if (!isAppError(error) || (error.kind !== 'not-found' && error.kind !== 'invalid-input')) throw error;
  }
  const { items } = await api.call('listSessions', { query: { limit: 500 } });
  return resolveId({ name: 'session', listedBy: 'baton ls' }, typed, items);
}
