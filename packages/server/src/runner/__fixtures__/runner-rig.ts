import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  checkInvariants,
  createEngine,
  createLocalHost,
  type Engine,
  type EngineOptions,
  evolve,
  noSession,
} from '@baton/core';
import {
  AppError,
  type Command,
  createId,
  type RecordedEvent,
  type SessionId,
  type SessionView,
} from '@baton/protocol';
import { createMemoryStore } from '@baton/store';
import {
  createManualClock,
  createScriptedBackend,
  type ManualClock,
  type ScriptedBackend,
  type ScriptedBackendOptions,
} from '@baton/testkit';
import { expect, onTestFinished } from 'vitest';
import { silentLog } from '../../log/log.ts';
import { createRunnerHost, type RunnersNow } from '../create-runner-host.ts';
import { type RunnerFile, toRunnerAddress, writeRunnerFile } from '../runner-files.ts';
import { createHeardNotes } from '../heard-notes.ts';
import { createRunnerService } from '../runner-service.ts';
import { toFingerprint } from '../runner-settings.ts';

/** No process has it. */
const NO_PID = 2 ** 30;
/** Where a runner has to be started anew, that fails at once: these tests play the runners themselves. */
const PROGRAM = ['/bin/false'] as const;

export interface RunnerHere {
  file: RunnerFile;
  scripted: ScriptedBackend;
  clock: ManualClock;
  /** Of servers that are connected. */
  sockets: ReadonlySet<Socket>;
  /** Reads nothing any more, as a process that was stopped. */
  freeze(): void;
  /** As a process that was killed. */
  die(): void;
  /** It has ended by itself, or was told to. */
  hasEnded(): boolean;
}

export interface ServerHere {
  engine: Engine;
  clock: ManualClock;
  readRunners(): RunnersNow;
  run(command: Command): Promise<unknown>;
  create(prompt?: string): Promise<SessionView>;
  /** Once the log of the session has such an event. */
  until(sessionId: SessionId, type: RecordedEvent['event']['type']): Promise<RecordedEvent[]>;
}

/**
 * Runners and servers of one data folder in this process, over real sockets, with time and agents that the test plays.
 * `startsRunners`: a server that needs a runner gets a new one here; default: none starts.
 */
export function createRunnerRig({ startsRunners = false } = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'baton-rig-'));
  const settings = { dataDir, warmAgents: 0, logLevel: 'silent' as const, env: {} };
  const store = createMemoryStore();
  const closers: (() => unknown)[] = [];
  const runners: RunnerHere[] = [];
  let refused = 0;
  onTestFinished(async () => {
    for (const close of closers.reverse()) await close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function startRunner({
    agents,
    ...options
  }: {
    mostKept?: number;
    agents?: ScriptedBackendOptions;
  } = {}): Promise<RunnerHere> {
    const id = createId('command')
      .slice(-12)
      .replace(/[^\da-f]/g, '0');
    const file: RunnerFile = {
      ...{ id, pid: NO_PID, address: toRunnerAddress(dataDir, id), token: 'a token', version: '1' },
      fingerprint: toFingerprint(settings, PROGRAM),
      startedAt: new Date().toISOString(),
    };
    const clock = createManualClock();
    const scripted = createScriptedBackend(agents);
    const host = createLocalHost({ backends: () => [scripted.backend], clock });
    let ended = false;
    const onEnd = () => {
      ended = true;
      die();
    };
    const notes = createHeardNotes(dataDir, id);
    const service = createRunnerService({ host, notes, clock, log: silentLog, token: file.token, onEnd, ...options });
    const sockets = new Set<Socket>();
    const listener = createServer((socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      service.take(socket);
    });
    await new Promise<void>((resolve) => listener.listen(file.address, resolve));
    writeRunnerFile(dataDir, file);
    function die(): void {
      listener.close();
      for (const socket of sockets) socket.destroy();
    }
    closers.push(die);
    const freeze = () => sockets.forEach((socket) => socket.pause());
    const runner = { file, scripted, clock, sockets, freeze, die, hasEnded: () => ended };
    runners.push(runner);
    return runner;
  }

  /** A server that takes up what it finds; one that is stopped with `leave` is, to its runners, like one that was killed. */
  async function serve(
    options: Partial<EngineOptions> = {},
    clock: ManualClock = createManualClock(),
  ): Promise<ServerHere> {
    const start = async () => {
      if (refused > 0) {
        refused -= 1;
        throw new AppError('internal', 'The runner did not start');
      }
      return (await startRunner()).file;
    };
    const parts = { settings, program: PROGRAM, clock, log: silentLog };
    const host = createRunnerHost({ ...parts, ...(startsRunners ? { start } : {}) });
    const engine = createEngine({
      ...{ store, host, clock, chance: () => 0.5, resolveFolder: (path) => Promise.resolve(path) },
      backends: () => [createScriptedBackend().backend],
      ...options,
    });
    await engine.recover();
    closers.push(() => engine.stop({ agents: 'leave' }));
    const actor = { id: 'ada', name: 'Ada' };
    async function run(command: Command): Promise<unknown> {
      const receipt = await engine.execute(command, { commandId: createId('command'), actor });
      if (!receipt.ok) throw new Error(receipt.error.detail);
      return receipt.result;
    }
    async function create(prompt = 'Work'): Promise<SessionView> {
      const input = [{ type: 'text' as const, text: prompt }];
      return (await run({ type: 'session.create', backend: 'scripted', cwd: '/w', prompt: input })) as SessionView;
    }
    async function until(sessionId: SessionId, type: RecordedEvent['event']['type']): Promise<RecordedEvent[]> {
      const seen = Promise.withResolvers<void>();
      const end = engine.onRecorded((recorded) => {
        if (recorded.some((each) => each.sessionId === sessionId && each.event.type === type)) seen.resolve();
      });
      const read = async () => (await engine.readEvents(sessionId, { after: 0, limit: 1000 })).events;
      if (!(await read()).some(({ event }) => event.type === type)) await seen.promise;
      end();
      return expectSound(await read());
    }
    return { engine, clock, run, create, until, readRunners: () => host.readRunners() };
  }

  /** So many of the next runners do not start. */
  const refuseRunners = (count: number) => void (refused = count);
  return { dataDir, store, runners, startRunner, refuseRunners, serve };
}

function expectSound(log: RecordedEvent[]): RecordedEvent[] {
  const events = log.map(({ event }) => event);
  expect(checkInvariants(events, log.reduce(evolve, noSession))).toEqual([]);
  return log;
}
