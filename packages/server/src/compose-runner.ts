import { createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { createLocalHost } from '@baton/core';
import { AppError, parseJson } from '@baton/protocol';
import { systemClock } from './clock.ts';
import { createAgents } from './compose-backends.ts';
import { createLog } from './log/log.ts';
import { createRehearsals } from './rehearsal/rehearsal-models.ts';
import { createHeardNotes } from './runner/heard-notes.ts';
import { removeRunnerFile, type RunnerFile, writeRunnerFile } from './runner/runner-files.ts';
import { type RunnerSettings, runnerSettingsSchema } from './runner/runner-settings.ts';
import { createRunnerService } from './runner/runner-service.ts';
import { toRunnerMarker } from './runner/to-runner-marker.ts';
import { VERSION } from './version.ts';

/** Agents are ended within this; what is left then is found by its marker. */
const CLOSE_MS = 10_000;

/**
 * Is the runner: the process that holds agents while servers come and go. It reads its settings from standard input, says a
 * word on standard output when it listens, and resolves when it has ended all it ran.
 */
export async function runRunner(): Promise<void> {
  const settings = readRunnerSettings(await text(process.stdin));
  const { dataDir, id, token, address, fingerprint } = settings;
  const log = createLog({ dataDir, name: 'runner', level: settings.logLevel, secrets: [token] });
  const rehearsals = createRehearsals();
  const registry = createAgents(settings, { rehearsal: rehearsals, serverMarker: toRunnerMarker(dataDir, id) });
  const onFault = (error: unknown) => log.error({ err: error }, 'The runner met a fault');
  const host = createLocalHost({ backends: registry.list, clock: systemClock, onFault });
  const { promise: asked, resolve: end } = Promise.withResolvers<void>();
  const notes = createHeardNotes(dataDir, id);
  const service = createRunnerService({ host, notes, token, clock: systemClock, log, onEnd: end });
  const listener = createServer((socket) => service.take(socket));
  await listen(listener, address);
  const startedAt = new Date().toISOString();
  const file: RunnerFile = { id, pid: process.pid, address, token, fingerprint, startedAt, version: VERSION };
  writeRunnerFile(dataDir, file);
  listenForEnd({ end, onFault });
  log.info({ id, version: VERSION }, 'The runner listens');
  process.stdout.write('ready\n');
  await asked;
  listener.close();
  const late = new Promise((resolve) => setTimeout(resolve, CLOSE_MS));
  await Promise.race([service.close().catch(onFault), late]);
  await Promise.race([Promise.all([registry.close(), rehearsals.close()]).catch(onFault), late]);
  removeRunnerFile(dataDir, file);
  log.info({}, 'The runner has ended');
  log.close();
}

function readRunnerSettings(told: string): RunnerSettings {
  const json = parseJson(told);
  const parsed = runnerSettingsSchema.safeParse(json.ok ? json.value : undefined);
  if (parsed.success) return parsed.data;
  throw new AppError(
    'invalid-input',
    'The runner is started by "baton serve", which tells it what to do; it cannot be started by hand',
  );
}

function listen(listener: Server, address: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  listener.once('error', reject);
  listener.listen(address, resolve);
  return promise;
}

// A fault that nobody caught is a bug, after which nothing in memory can be trusted: agents are ended, and begun anew.
function listenForEnd({ end, onFault }: { end(): void; onFault(error: unknown): void }): void {
  const onBug = (error: unknown) => {
    onFault(error);
    end();
  };
  process.on('uncaughtException', onBug);
  process.on('unhandledRejection', onBug);
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  // What ends a terminal does not end what outlives it.
  process.on('SIGHUP', () => undefined);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
