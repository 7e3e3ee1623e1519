import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

export interface UnpackedChromium {
  executablePath: string;
  env: Record<string, string>;
}

/** The package unpacks into TMPDIR, and its shared libraries only where it believes to be on Amazon Linux. */
const UNPACK = `import chromium from '@sparticuz/chromium'; await chromium.executablePath();`;
const AMAZON_LINUX = { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' };

/**
 * The Chromium that npm brought, unpacked once beside node_modules' other caches, with the shared libraries and a font
 * that a bare Debian does not have. Safe to call from several processes at once. Linux x64 only: answers undefined elsewhere.
 */
export async function unpackChromium(): Promise<UnpackedChromium | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const manifest = findPackageJSON('@sparticuz/chromium', import.meta.url);
  if (manifest === undefined) throw new Error('Cannot find the package @sparticuz/chromium; run npm ci');
  const archive = await stat(join(dirname(manifest), 'bin', 'chromium.br'));
  const modules = join(dirname(manifest), '..', '..');
  // Each release has a size of its own.
  const folder = join(modules, '.cache', 'baton-chromium', String(archive.size));
  if (!existsSync(folder)) await unpackInto(folder, modules);
  return {
    executablePath: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_FILE: join(folder, 'fonts.conf') },
  };
}

// Into a folder of its own, then renamed: whoever finds the folder finds it whole, and the last of two racers is dropped.
async function unpackInto(folder: string, modules: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const draft = await mkdtemp(`${folder}.`);
  const env = { ...process.env, ...AMAZON_LINUX, TMPDIR: draft, NODE_OPTIONS: '' };
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', UNPACK], { cwd: dirname(modules), env });
  await writeFile(join(draft, 'fonts.conf'), toFontConfig(folder));
  await rename(draft, folder).catch(() => rm(draft, { recursive: true, force: true }));
}

function toFontConfig(folder: string): string {
  const folders = [join(folder, 'fonts', 'fonts'), '/usr/share/fonts'];
  const lines = folders.map((path) => `<dir>${path}</dir>`).join('');
  return `<?xml version="1.0"?><fontconfig>${lines}<cachedir>${join(folder, 'font-cache')}</cachedir></fontconfig>\n`;
}
