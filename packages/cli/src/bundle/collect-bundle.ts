import { arch, cpus, platform, release, totalmem } from 'node:os';
import { createApi } from '@baton/client';
import { toAppError } from '@baton/protocol';
import { readRecentLog, type Settings } from '@baton/server';
import type { Finding } from '../doctor/finding.ts';
import type { ServerAddress } from '../server/find-server.ts';
import { VERSION } from '../version.ts';
import type { TarFile } from './to-tar.ts';

export interface BundleParts {
  settings: Settings;
  findings: readonly Finding[];
  /** The running server, if any. */
  running: ServerAddress | undefined;
  now: number;
}

const LOG_LINES = 500;

/** Everything that somebody needs who is to find out what is wrong, and nothing of what people and agents wrote. */
export async function collectBundle(parts: BundleParts): Promise<TarFile[]> {
  const { settings, findings, running } = parts;
  const [health, log] = await Promise.all([readHealth(running), readRecentLog(settings.dataDir, LOG_LINES)]);
  return [
    toFile('about', toAbout(parts.now)),
    toFile('findings', findings),
    toFile('settings', toShownSettings(settings)),
    toFile('health', health),
    { name: 'log.jsonl', text: log.map((line) => `${JSON.stringify(line)}\n`).join('') },
  ];
}

function toFile(name: string, value: unknown): TarFile {
  return { name: `${name}.json`, text: `${JSON.stringify(value, undefined, 2)}\n` };
}

function toAbout(now: number): unknown {
  return {
    ...{ baton: VERSION, madeAt: new Date(now).toISOString(), node: process.version },
    ...{ platform: platform(), release: release(), arch: arch(), cpus: cpus().length, memoryBytes: totalmem() },
  };
}

// Named one by one: a setting that comes later is left out until somebody has thought about it.
function toShownSettings(settings: Settings): unknown {
  const { dataDir, port, host, roots, allowRemote, logLevel, warmAgents, automaticCheckpoints, limits } = settings;
  const { claudePath, codexPath, opencodePath, env } = settings;
  return {
    ...{ dataDir, port, host, roots, allowRemote, logLevel, warmAgents, automaticCheckpoints, limits },
    ...{ claudePath, codexPath, opencodePath },
    ownerKeyFromOutside: settings.ownerKey !== undefined,
    allowedHosts: settings.allowedHosts.length,
    /** Names alone. */
    variables: Object.keys(env).filter((name) => name.startsWith('BATON_') && env[name] !== ''),
  };
}

// Titles are what people wrote.
async function readHealth(running: ServerAddress | undefined): Promise<unknown> {
  if (running === undefined) return { status: 'not running' };
  try {
    const { details, ...open } = await createApi({ ...running, timeoutMs: 10_000 }).call('getHealth');
    const agents = details?.agents.map(({ title: _, ...agent }) => agent);
    return { ...open, details: { ...details, agents } };
  } catch (cause) {
    return { status: 'no answer', problem: toAppError(cause).message };
  }
}
