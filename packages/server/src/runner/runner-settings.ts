import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { z } from 'zod';
import type { Settings } from '../settings.ts';
import { VERSION } from '../version.ts';

/** What a runner is told, on its standard input: all that agents depend on, and nothing of the server's own. */
export const runnerSettingsSchema = z.object({
  id: z.string(),
  token: z.string(),
  address: z.string(),
  fingerprint: z.string(),
  dataDir: z.string(),
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']),
  claudePath: z.string().optional(),
  agentSdkPath: z.string().optional(),
  codexPath: z.string().optional(),
  opencodePath: z.string().optional(),
  warmAgents: z.int(),
  env: z.record(z.string(), z.string().optional()),
});
export type RunnerSettings = z.infer<typeof runnerSettingsSchema>;

/** Keys of the server, which are no agent's business. */
const KEYS = /^BATON_(OWNER_)?KEY$/;

export function withoutKeys(env: RunnerSettings['env']): RunnerSettings['env'] {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !KEYS.test(name)));
}

/** What of the server's settings is a runner's, too. */
export function toRunnerSettings(settings: Settings): AgentSettings & Pick<RunnerSettings, 'logLevel'> {
  const { dataDir, claudePath, agentSdkPath, codexPath, opencodePath, warmAgents, logLevel, env } = settings;
  return { dataDir, claudePath, agentSdkPath, codexPath, opencodePath, warmAgents, logLevel, env: withoutKeys(env) };
}

/** The part of it that does not differ from one runner to the next. */
export type AgentSettings = Pick<
  RunnerSettings,
  'dataDir' | 'claudePath' | 'agentSdkPath' | 'codexPath' | 'opencodePath' | 'warmAgents' | 'env'
>;

/** Says where a terminal or a login stands, and nothing to an agent. */
const NOISE = /^(_|PWD|OLDPWD|SHLVL|TERM.*|COLUMNS|LINES|WINDOWID|SSH_(CLIENT|CONNECTION|TTY)|TMUX.*|STY|WINDOW)$/;
const SERVICE = /^(XDG_SESSION_.*|NOTIFY_SOCKET|WATCHDOG_.*|INVOCATION_ID|JOURNAL_STREAM|MANAGERPID|npm_.*|INIT_CWD)$/;
/** The worker and OpenCode are told something by some of ours. */
const OF_SERVER = /^BATON_(?!WORKER_|OPENCODE_)/;

/**
 * Equal for two runners in which an agent runs the same. A runner that is not what the server would start today keeps the
 * agents it has and gets no new ones.
 */
export function toFingerprint({ env, ...settings }: AgentSettings, program: readonly string[]): string {
  const told = Object.entries(env).filter(
    ([name]) => !NOISE.test(name) && !SERVICE.test(name) && !OF_SERVER.test(name),
  );
  const of = [VERSION, toStamp(program), settings, told.toSorted(([one], [other]) => (one < other ? -1 : 1))];
  return createHash('sha256').update(JSON.stringify(of)).digest('hex');
}

// A program that was built or installed anew is another one, whatever version it says.
function toStamp(program: readonly string[]): string {
  return program
    .map((part) => {
      const found = statSync(part, { throwIfNoEntry: false });
      return found === undefined ? part : `${part} ${found.size} ${found.mtimeMs}`;
    })
    .join('\n');
}
