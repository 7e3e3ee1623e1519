import { basename, dirname, join, resolve } from 'node:path';
import type { Plugin } from 'rolldown';
import { ROOT } from './root.ts';

/** Folders and files that the bundle reads at run time: the absolute source, and its name in the published folder. */
export type Assets = Map<string, string>;

const ASSET_URL = /new URL\(\s*'(\.{1,2}\/[^']+)',\s*import\.meta\.url,?\s*\)/g;

/**
 * Keeps `new URL('../../scenarios', import.meta.url)` true after bundling: what it names is noted for copying beside
 * the bundle, and the URL is pointed there. The bundle's chunks all lie in one folder, so one `./name` fits them all.
 * A `.ts` file is code that a thread starts with: it becomes an entry of the bundle.
 */
export function createAssetPlugin(assets: Assets): Plugin {
  return {
    name: 'baton-assets',
    transform(code, id) {
      if (!id.startsWith(join(ROOT, 'packages')) || !code.includes('import.meta.')) return undefined;
      if (/import\.meta\.(dirname|filename)/.test(code)) {
        throw new Error(`${id}: name a file as new URL('…', import.meta.url), so that the bundle can carry it`);
      }
      return code.replace(ASSET_URL, (_, path: string) => {
        if (path.endsWith('.ts')) {
          const name = basename(path, '.ts');
          this.emitFile({ type: 'chunk', id: resolve(dirname(id), path), name, fileName: `${name}.js` });
          return `new URL('./${name}.js', import.meta.url)`;
        }
        return `new URL('./${toPublishedName(resolve(dirname(id), path), assets)}', import.meta.url)`;
      });
    },
  };
}

/** `packages/store/src/sqlite/migrations` is published as `migrations`: what the last word names has to be unique. */
function toPublishedName(source: string, assets: Assets): string {
  const known = assets.get(source);
  if (known !== undefined) return known;
  const name = basename(source);
  // The published folder has one of its own, with the same version.
  if (name === 'package.json') return name;
  const taken = [...assets].find(([, other]) => other === name);
  if (taken !== undefined) throw new Error(`Cannot publish ${source}: ${taken[0]} has the name "${name}" already`);
  assets.set(source, name);
  return name;
}
