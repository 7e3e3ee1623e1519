import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Those of the folders that were begun in last. */
const MOST_KNOWN = 100;

/**
 * The settings that hold in folders, as one Codex reads them. Asking for them takes it as long as to begin a conversation, so it
 * is asked again only when a file that they may come from has changed. Its user's own settings are the same for its whole life.
 */
export class KnownConfigs {
  readonly #home: string;
  readonly #known = new Map<string, { stamp: string; config: unknown }>();

  /** With the `CODEX_HOME` of the process. */
  constructor(home: string) {
    this.#home = home;
  }

  /** What `ask` says, or has said while all was as it is now. Rejects as it does, and asks again the next time. */
  async read(cwd: string, ask: () => Promise<unknown>): Promise<unknown> {
    // Before it is asked: what changes meanwhile is noticed the next time.
    const stamp = await toStamp(this.#home, cwd);
    const known = this.#known.get(cwd);
    this.#known.delete(cwd);
    const config = known?.stamp === stamp ? known.config : await ask();
    this.#known.set(cwd, { stamp, config });
    const [oldest = ''] = this.#known.keys();
    if (this.#known.size > MOST_KNOWN) this.#known.delete(oldest);
    return config;
  }
}

const SYSTEM = '/etc/codex';

async function toStamp(home: string, cwd: string): Promise<string> {
  const everywhere = [
    ...['config.toml', 'managed_config.toml', 'requirements.toml'].map((name) => join(SYSTEM, name)),
    ...['config.toml', 'managed_config.toml'].map((name) => join(home, name)),
  ];
  // Which of the folders above are read, too, depends on where the repository begins.
  const here = toFolders(cwd).flatMap((folder) => [join(folder, '.codex', 'config.toml'), join(folder, '.git')]);
  return (await Promise.all([...everywhere, ...here].map(toMark))).join(' ');
}

function toFolders(cwd: string): string[] {
  const above = dirname(cwd);
  return above === cwd ? [cwd] : [cwd, ...toFolders(above)];
}

// A folder is there or not; what is done in it changes its time.
async function toMark(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  if (found === undefined) return '-';
  return found.isFile() ? `${found.ino}:${found.size}:${found.mtimeNs}` : `${found.ino}`;
}
