import { createApi as createHttpApi, type Api as HttpApi } from '@baton/client';
import type { BackendView, ROUTES, SessionId, User } from '@baton/protocol';
import type { z } from 'zod';
import { pageFetch } from './page-fetch.ts';

export type FolderList = z.infer<typeof ROUTES.listFolders.response>;
export type Health = z.infer<typeof ROUTES.getHealth.response>;
export type Git = z.infer<typeof ROUTES.getGit.response>;

/** What the page asks over HTTP; everything live goes through the `BatonClient`. Rejects with an `AppError`. */
export interface Api {
  /** Any other route, by its name. */
  call: HttpApi['call'];
  getHealth(): Promise<Health>;
  getMe(): Promise<User>;
  signIn(key: string): Promise<User>;
  signOut(): Promise<void>;
  listBackends(options?: { refresh?: boolean }): Promise<BackendView[]>;
  listFolders(options: { path?: string; hidden?: boolean }): Promise<FolderList>;
  findFiles(options: { sessionId: SessionId; q: string; limit?: number }): Promise<string[]>;
  getGit(sessionId: SessionId): Promise<Git>;
}

export function createApi(url: string): Api {
  const http = createHttpApi({ url, fetch: pageFetch });
  return {
    call: http.call,
    getHealth: () => http.call('getHealth'),
    getMe: async () => (await http.call('getMe')).user,
    signIn: async (key) => (await http.call('signIn', { body: { key } })).user,
    signOut: async () => {
      await http.call('signOut');
    },
    listBackends: async (options = {}) =>
      (await http.call('listBackends', { query: { refresh: options.refresh } })).items,
    listFolders: (query) => http.call('listFolders', { query }),
    findFiles: async ({ sessionId, q, limit }) => {
      const answer = await http.call('findFiles', { params: { id: sessionId }, query: { q, limit } });
      return answer.items.map((item) => item.path);
    },
    getGit: (sessionId) => http.call('getGit', { params: { id: sessionId } }),
  };
}
