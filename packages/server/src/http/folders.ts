import type { Engine } from '@baton/core';
import { readGit } from '../folder/git.ts';
import type { FileFinder } from '../folder/find-files.ts';
import { listFolders } from '../folder/list-folders.ts';
import type { Roots } from '../folder/roots.ts';
import type { Handlers } from './register.ts';
import { readSession } from './sessions.ts';

export interface FolderParts {
  engine: Engine;
  roots: Roots;
  finder: FileFinder;
}

export function createFolderHandlers({
  engine,
  roots,
  finder,
}: FolderParts): Pick<Handlers, 'listFolders' | 'findFiles' | 'getGit'> {
  return {
    listFolders: ({ query }) => listFolders(roots, query),
    async findFiles({ params, query }) {
      const { cwd } = await readSession(engine, params.id);
      const paths = await finder.find(await roots.resolveFolder(cwd), query);
      return { items: paths.map((path) => ({ path })) };
    },
    async getGit({ params }) {
      const { cwd } = await readSession(engine, params.id);
      return readGit(await roots.resolveFolder(cwd));
    },
  };
}
