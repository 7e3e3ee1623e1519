import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@baton/core';
import { runGit } from './git.ts';
import { scorePath } from './score-path.ts';

/** Finds files of a folder by a few letters of their path. */
export interface FileFinder {
  find(cwd: string, options: { q: string; limit: number }): Promise<string[]>;
}

const MAX_FILES = 50_000;
const MAX_DEPTH = 16;
const WALK_MS = 2000;
const FRESH_MS = 5000;
const MAX_CACHED = 20;
const SKIPPED = new Set([
  'node_modules',
  '.git',
  '.hg',
  '.svn',
  'dist',
  'build',
  'target',
  '.venv',
  '__pycache__',
  '.cache',
]);

interface Listing {
  at: number;
  paths: Promise<string[]>;
}

/** Lists what git does not ignore; outside a repository, walks the folder within bounds. A listing serves some seconds of typing. */
export function createFileFinder(clock: Clock): FileFinder {
  const cached = new Map<string, Listing>();

  function list(cwd: string): Promise<string[]> {
    const known = cached.get(cwd);
    if (known !== undefined && clock.now() - known.at < FRESH_MS) return known.paths;
    const oldest = cached.size >= MAX_CACHED ? cached.keys().next().value : undefined;
    if (oldest !== undefined) cached.delete(oldest);
    const paths = listFiles(cwd, clock);
    cached.set(cwd, { at: clock.now(), paths });
    return paths;
  }

  return {
    async find(cwd, { q, limit }) {
      const paths = await list(cwd);
      const wanted = q.toLowerCase();
      return paths
        .map((path) => ({ path, score: scorePath(path, wanted) }))
        .filter((entry) => entry.score !== undefined)
        .sort((left, right) => (right.score ?? 0) - (left.score ?? 0) || (left.path < right.path ? -1 : 1))
        .slice(0, limit)
        .map((entry) => entry.path);
    },
  };
}

async function listFiles(cwd: string, clock: Clock): Promise<string[]> {
  const listed = await runGit(cwd, ['ls-files', '--cached', '--others', '--exclude-standard', '-z', '--', '.']);
  if (listed === undefined) return walk(cwd, clock);
  return [...new Set(listed.split('\0').filter((path) => path !== ''))].slice(0, MAX_FILES);
}

// Breadth first, so that the bounds cut off what is deep. Links are not followed: they may lead out, or in a circle.
async function walk(cwd: string, clock: Clock): Promise<string[]> {
  const files: string[] = [];
  const until = clock.now() + WALK_MS;
  let level = [''];
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const folder of level) {
      if (files.length >= MAX_FILES || clock.now() > until) return files.slice(0, MAX_FILES);
      const entries = await readdir(join(cwd, folder), { withFileTypes: true }).catch(() => []);
      for (const entry of entries) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.isFile()) files.push(path);
        if (entry.isDirectory() && !SKIPPED.has(entry.name)) next.push(path);
      }
    }
    level = next;
  }
  return files.slice(0, MAX_FILES);
}
