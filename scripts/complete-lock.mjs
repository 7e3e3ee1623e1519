// Adds to package-lock.json the optional platform packages that npm left out.
//
// npm drops an optional dependency from the lock when the registry it asked does not serve it (a mirror often keeps only
// the platforms it needs). `npm ci` of npm 11 then refuses the whole lock. The entries carry only what the name says
// (version, os, cpu, libc); npm fetches one of them only on a platform that matches.
//
// Usage: node scripts/complete-lock.mjs [--check] [FOLDER…]     (default: the root and test-agents)
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm64', 'arm', 'x64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32'];
const ALIASES = { windows: 'win32', ohos: 'openharmony', x86: 'ia32' };

/** What a platform package is for, read off its name (`@x/cli-linux-arm64-musl`). */
export function readPlatform(name) {
  const words = name
    .split(/[-/]/)
    .slice(1)
    .map((word) => ALIASES[word] ?? word);
  const os = words.filter((word) => SYSTEMS.includes(word));
  const cpu = words.filter((word) => PROCESSORS.includes(word));
  const libc = words.some((word) => word.startsWith('musl')) ? ['musl'] : words.includes('gnu') ? ['glibc'] : [];
  return {
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(libc.length > 0 ? { libc } : {}),
    ...(os.length > 0 ? { os } : {}),
  };
}

/** The locked version that the package at `from` would load as `name`: beside it, then in each folder above. */
function findLocked(packages, from, name) {
  const folders = from.split('/node_modules/');
  for (let depth = folders.length; depth >= 0; depth -= 1) {
    const base = depth === 0 ? '' : `${folders.slice(0, depth).join('/node_modules/')}/`;
    const entry = packages[`${base}node_modules/${name}`];
    if (entry !== undefined) return entry.version;
  }
  return undefined;
}

/** The entries that are missing from a parsed lock, keyed as they belong in `packages`. */
export function findMissing(lock) {
  const missing = {};
  for (const [path, entry] of Object.entries(lock.packages)) {
    const beside = path.slice(0, path.lastIndexOf('node_modules/'));
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      // A range is not a platform package: those are pinned to the version of their owner.
      if (!/^\d/.test(version) || findLocked(lock.packages, path, name) === version) continue;
      missing[`${beside}node_modules/${name}`] = {
        version,
        ...readPlatform(name),
        ...(entry.dev === true ? { dev: true } : {}),
        optional: true,
      };
    }
  }
  return missing;
}

function completeLock(folder, check) {
  const file = join(folder, 'package-lock.json');
  if (!existsSync(file)) return 0;
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const missing = findMissing(lock);
  const names = Object.keys(missing);
  if (names.length > 0 && !check) {
    const entries = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => (a < b ? -1 : 1));
    writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(entries) }, undefined, 2)}\n`);
  }
  for (const name of names) console.log(`${check ? 'missing' : 'added'} ${name}`);
  return names.length;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const check = process.argv.includes('--check');
  const named = process.argv.slice(2).filter((argument) => argument !== '--check');
  const root = fileURLToPath(new URL('..', import.meta.url));
  const folders = named.length > 0 ? named : [root, join(root, 'test-agents')];
  const count = folders.reduce((sum, folder) => sum + completeLock(folder, check), 0);
  if (check && count > 0) {
    console.error('package-lock.json lacks optional packages; run: node scripts/complete-lock.mjs');
    process.exitCode = 1;
  }
}
