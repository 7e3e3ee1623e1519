import { access, constants, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { advice, bad, good, type Finding } from './finding.ts';

const MB = 1024 * 1024;
const LEAST_SPACE = 100 * MB;
const GOOD_SPACE = 1024 * MB;

/** Whether the data folder can hold what it must, and keeps it from others. */
export async function checkData(dataDir: string): Promise<Finding[]> {
  const folder = await findExisting(dataDir);
  return [await checkWritable(dataDir, folder), await checkSpace(folder), ...(await checkPrivate(dataDir))];
}

async function checkWritable(dataDir: string, folder: string): Promise<Finding> {
  const at = { id: 'data', title: 'Data folder' };
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    return good(at.id, at.title, folder === dataDir ? dataDir : `${dataDir} (made at the first start)`);
  } catch {
    return bad(at, `${folder} cannot be written`, 'Make it writable for you, or set BATON_DATA to another folder');
  }
}

async function checkSpace(folder: string): Promise<Finding> {
  const at = { id: 'space', title: 'Disk space' };
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const detail = `${(free / MB / 1024).toFixed(1)} GB free`;
  if (free < LEAST_SPACE) return bad(at, detail, 'Free some space: with a full disk nothing can be recorded');
  if (free < GOOD_SPACE) return advice(at, detail, 'Free some space soon');
  return good(at.id, at.title, detail);
}

// Sessions and the owner key are for their owner alone. Windows has no such modes.
async function checkPrivate(dataDir: string): Promise<Finding[]> {
  if (process.platform === 'win32') return [];
  const paths = [dataDir, join(dataDir, 'owner.key'), join(dataDir, 'baton.db')];
  const open = await Promise.all(paths.map(async (path) => ((await readMode(path)) & 0o077) !== 0));
  const exposed = paths.filter((_, index) => open[index]);
  const at = { id: 'privacy', title: 'Privacy' };
  if (exposed.length === 0) return [good(at.id, at.title, 'only you can read the data')];
  return [bad(at, `others can read ${exposed.join(', ')}`, `chmod -R go= "${dataDir}"`)];
}

async function readMode(path: string): Promise<number> {
  try {
    return (await stat(path)).mode;
  } catch {
    return 0;
  }
}

async function findExisting(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch {
    return path === dirname(path) ? path : findExisting(dirname(path));
  }
}
