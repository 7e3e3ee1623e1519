import { chmod, cp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PreRenderedChunk, rolldown } from 'rolldown';
import { createAsciiPlugin } from './ascii-plugin.ts';
import { createAssetPlugin, type Assets } from './asset-plugin.ts';
import { createLateBuiltinsPlugin } from './late-builtins-plugin.ts';
import { createLeanHttpPlugin } from './lean-http-plugin.ts';
import { ROOT } from './root.ts';
import { createUnusedPartsPlugin } from './unused-parts-plugin.ts';

const ENTRY = join(ROOT, 'packages/cli/src/main.ts');
const TERMINAL = '@lydell/node-pty';
/** Built by `buildWeb`, and not ours to remove. */
const WEB = 'web';

/** The `baton` command in one folder that needs nothing beside it but Node. */
export async function buildCommand(output: string): Promise<void> {
  const assets: Assets = new Map([[join(ROOT, 'packages/web/dist'), WEB]]);
  const bundle = await rolldown({
    input: { main: ENTRY },
    platform: 'node',
    plugins: [
      createAssetPlugin(assets),
      createUnusedPartsPlugin(),
      createLateBuiltinsPlugin(),
      createLeanHttpPlugin(),
      createAsciiPlugin(),
    ],
    // Optional: looked for, and done without where they are absent. The terminal is native code and cannot be bundled.
    external: ['bufferutil', 'utf-8-validate', 'encoding', TERMINAL],
    logLevel: 'warn',
  });
  await clear(output);
  await bundle.write({
    dir: output,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: toChunkName,
    // Less to read at every start. Names of functions stay, for the traces in a log.
    minify: { compress: true, mangle: { keepNames: true }, codegen: { removeWhitespace: true } },
    comments: { legal: false },
  });
  await bundle.close();
  await copyAssets(assets, output);
  await writePackage(output);
}

// Entries of packages are all called `src/index.ts`: their chunks are named after the package.
function toChunkName({ facadeModuleId }: PreRenderedChunk): string {
  const owner = /packages\/([^/]+)\/src\/index\.ts$/.exec(facadeModuleId ?? '')?.[1];
  return `chunk-${owner ?? '[name]'}-[hash].js`;
}

async function clear(output: string): Promise<void> {
  const entries = await readdir(output);
  const old = entries.filter((entry) => entry !== WEB);
  await Promise.all(old.map((entry) => rm(join(output, entry), { recursive: true, force: true })));
}

async function copyAssets(assets: Assets, output: string): Promise<void> {
  const copied = [...assets].filter(([, name]) => name !== WEB);
  await Promise.all(copied.map(([source, name]) => cp(source, join(output, name), { recursive: true })));
}

async function writePackage(output: string): Promise<void> {
  // Static text of our own, no foreign JSON.
  const { default: workspace } = await import('../../package.json', { with: { type: 'json' } });
  const { default: server } = await import('../../packages/server/package.json', { with: { type: 'json' } });
  const manifest = {
    name: 'baton',
    version: workspace.version,
    description: workspace.description,
    license: workspace.license,
    type: 'module',
    bin: { baton: 'baton.js' },
    engines: { node: '>=24' },
    // Left out where it cannot be had; the pages then show the command to type.
    optionalDependencies: { [TERMINAL]: server.dependencies[TERMINAL] },
  };
  await writeFile(join(output, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  await writeFile(join(output, 'baton.js'), await readFile(join(import.meta.dirname, 'launcher.js')));
  await chmod(join(output, 'baton.js'), 0o755);
  for (const file of ['LICENSE', 'README.md']) await cp(join(ROOT, file), join(output, file));
}
