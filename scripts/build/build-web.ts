import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { compressFolder } from './compress-folder.ts';
import { ROOT } from './root.ts';

/** The web app as static files, each also compressed, so that the server never compresses. */
export async function buildWeb(output: string): Promise<void> {
  // Loaded here: a build of the command alone does not need it.
  const { build } = await import('vite');
  const folder = join(ROOT, 'packages/web');
  await build({
    root: folder,
    configFile: join(folder, 'vite.config.ts'),
    logLevel: 'warn',
    // Grammars of the code colours are large, and each is loaded when its language is seen.
    build: { chunkSizeWarningLimit: 1500 },
  });
  const target = join(output, 'web');
  await rm(target, { recursive: true, force: true });
  await cp(join(folder, 'dist'), target, { recursive: true });
  await compressFolder(target);
}
