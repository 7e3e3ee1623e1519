import { findProgram, startProcess, toEnvironment } from '@baton/runner';

export interface LookUpOptions {
  env: Readonly<Record<string, string | undefined>>;
  serverMarker: string;
  /** A folder of Baton's own: npm reads what a project there says of registries. */
  cwd: string;
}

const MOST_MS = 30_000;
const VERSION = /^\d+\.\d+\.\d+[\w.+-]*$/;

/** The newest version of a package, by the machine's own npm with the registry it is set up for; undefined when it cannot say. */
export async function lookUpVersion(
  name: string,
  { env, serverMarker, cwd }: LookUpOptions,
): Promise<string | undefined> {
  const npm = await findProgram({ name: 'npm', env });
  if (!npm.found) return undefined;
  const { promise: exited, resolve } = Promise.withResolvers<void>();
  const lines: string[] = [];
  const running = await startProcess({
    command: npm.path,
    args: ['view', name, 'version', '--no-update-notifier', '--fetch-retries=0', '--loglevel=silent'],
    cwd,
    env: toEnvironment({ from: env, allow: ['npm_config_*', 'NPM_CONFIG_*'] }),
    marker: { session: 'newest-version', server: serverMarker },
    onLine: (line) => void lines.push(line.trim()),
    ...{ onOverlongLine: () => undefined, onStderrLine: () => undefined },
    onExit: () => resolve(),
  });
  running.closeInput();
  const late = setTimeout(() => void running.stop(), MOST_MS).unref();
  await exited;
  clearTimeout(late);
  return lines.find((line) => VERSION.test(line));
}
