import { type FSWatcher, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Beyond it changes are only seen by looking again. */
const MAX_WATCHERS = 1000;
const RESCAN_MS = 30_000;
/** Node's own way to watch a tree on Linux reads every file name there is, synchronously; there it goes folder by folder. */
const CAN_WATCH_TREES = process.platform === 'darwin' || process.platform === 'win32';

export interface FolderWatch {
  root: string;
  /** How many levels of folders below the root may hold files. */
  depth: number;
  onChange(): void;
  /** How often to look for folders that appeared, and for changes where the system does not tell. */
  rescanMs?: number;
}

/**
 * Calls back when something below a folder changes, and once when it is first seen. The folder may be missing, appear and
 * go. Does not keep the process alive. The returned function ends it.
 */
export function watchFolders(options: FolderWatch): () => void {
  const watcher = new FolderWatcher(options);
  watcher.rescan();
  return () => watcher.close();
}

class FolderWatcher {
  readonly #options: FolderWatch;
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #timer: NodeJS.Timeout;
  #isOver = false;
  /** Some folder could not be watched; only looking again tells what changed. */
  #isBlind = false;
  #isScanning = false;
  #isStale = false;

  constructor(options: FolderWatch) {
    this.#options = options;
    this.#timer = setInterval(() => this.rescan(), options.rescanMs ?? RESCAN_MS);
    this.#timer.unref();
  }

  /** Looks which folders there are; once more when asked to meanwhile. */
  rescan(): void {
    this.#isStale = true;
    if (this.#isScanning) return;
    this.#isScanning = true;
    void this.#scan().finally(() => {
      this.#isScanning = false;
    });
  }

  close(): void {
    this.#isOver = true;
    clearInterval(this.#timer);
    for (const path of [...this.#watchers.keys()]) this.#drop(path);
  }

  async #scan(): Promise<void> {
    while (this.#isStale && !this.#isOver) {
      this.#isStale = false;
      this.#isBlind = false;
      const found = new Set<string>();
      let isNews = await this.#look(this.#options.root, 0, found);
      for (const path of [...this.#watchers.keys()].filter((each) => !found.has(each))) {
        this.#drop(path);
        isNews = true;
      }
      if (!this.#isOver && (isNews || this.#isBlind)) this.#options.onChange();
    }
  }

  // True when a folder is watched anew, so that what lies in it may be news.
  async #look(path: string, level: number, found: Set<string>): Promise<boolean> {
    const entries = await readdir(path, { withFileTypes: true }).catch((): undefined => undefined);
    if (entries === undefined) return false;
    found.add(path);
    let isNews = this.#add(path, level);
    if (CAN_WATCH_TREES || level >= this.#options.depth) return isNews;
    for (const { name } of entries.filter((entry) => entry.isDirectory())) {
      if (this.#isOver) return false;
      const isBelow = await this.#look(join(path, name), level + 1, found);
      isNews ||= isBelow;
    }
    return isNews;
  }

  #add(path: string, level: number): boolean {
    if (this.#isOver || this.#watchers.has(path)) return false;
    const watcher = this.#watchers.size < MAX_WATCHERS ? this.#tryWatch(path, level) : undefined;
    if (watcher === undefined) this.#isBlind = true;
    else this.#watchers.set(path, watcher);
    return watcher !== undefined;
  }

  #tryWatch(path: string, level: number): FSWatcher | undefined {
    try {
      const watcher = watch(path, { persistent: false, recursive: CAN_WATCH_TREES }, (event) => {
        if (this.#isOver) return;
        if (event === 'rename' && level < this.#options.depth) this.rescan();
        this.#options.onChange();
      });
      return watcher.on('error', () => this.#drop(path));
    } catch {
      return undefined;
    }
  }

  #drop(path: string): void {
    this.#watchers.get(path)?.close();
    this.#watchers.delete(path);
  }
}
