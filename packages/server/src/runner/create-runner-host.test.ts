import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AgentHost,
  checkInvariants,
  createEngine,
  createLocalHost,
  type Engine,
  evolve,
  type HostedSession,
  noSession,
} from '@baton/core';
import { type Command, createId, type RecordedEvent, type SessionId, type SessionView } from '@baton/protocol';
import { createMemoryStore } from '@baton/store';
import { createScriptedBackend, type ScriptedAgent } from '@baton/testkit';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../clock.ts';
import { silentLog } from '../log/log.ts';
import { readSettings } from '../settings.ts';
import { createRunnerHost } from './create-runner-host.ts';
import { toRunnerAddress, writeRunnerFile } from './runner-files.ts';
import { createHeardNotes } from './heard-notes.ts';
import { createRunnerService } from './runner-service.ts';
import { toFingerprint, toRunnerSettings } from './runner-settings.ts';

const PROGRAM = ['/nowhere/baton', 'runner'] as const;
const ada = { id: 'ada', name: 'Ada' };

/** A server, which can die: from then on it asks nothing and hears nothing. */
interface Life {
  engine: Engine;
  die(): Promise<void>;
}

/** A runner in this process, over a real socket, with agents that the test plays; and servers, one after the other. */
async function setUp() {
  const dataDir = mkdtempSync(join(tmpdir(), 'baton-runner-host-'));
  const settings = toRunnerSettings(readSettings({ HOME: dataDir, BATON_DATA: dataDir }));
  const scripted = createScriptedBackend();
  const backends = () => [scripted.backend];
  const token = 'token';
  const id = createId('server')
    .slice(-16)
    .replaceAll(/[^\da-f]/g, '0');
  const service = createRunnerService({
    host: createLocalHost({ backends, clock: systemClock }),
    notes: createHeardNotes(dataDir, id),
    ...{ token, clock: systemClock, log: silentLog, onEnd: () => undefined },
  });
  const listener = createServer((socket) => service.take(socket));
  const address = toRunnerAddress(dataDir, id);
  await new Promise<void>((resolve) => listener.listen(address, resolve));
  const startedAt = new Date().toISOString();
  const fingerprint = toFingerprint(settings, PROGRAM);
  writeRunnerFile(dataDir, { id, pid: process.pid, address, token, fingerprint, startedAt, version: '1' });
  const store = createMemoryStore();
  const lives: Life[] = [];
  async function end(): Promise<void> {
    for (const life of lives) await life.die();
    await service.close();
    listener.close();
    rmSync(dataDir, { recursive: true, force: true });
  }

  async function live(): Promise<Life> {
    let isDead = false;
    const host = createRunnerHost({ settings, program: [...PROGRAM], clock: systemClock, log: silentLog });
    const engine = createEngine({
      ...{ store, clock: systemClock, backends, resolveFolder: (path: string) => Promise.resolve(path) },
      host: toMortal(host, () => isDead),
    });
    await engine.recover();
    const life = {
      engine,
      async die() {
        if (isDead) return;
        isDead = true;
        await engine.stop({ agents: 'leave' });
      },
    };
    lives.push(life);
    return life;
  }

  return { scripted, store, live, end };
}

function toMortal(host: AgentHost, isDead: () => boolean): AgentHost {
  return {
    ...{ open: () => host.open(), survivor: (id) => host.survivor(id), casualty: (id) => host.casualty(id) },
    ...{ forsake: (id) => host.forsake(id), settle: () => host.settle(), close: (how) => host.close(how) },
    link(session: HostedSession) {
      const link = host.link({
        sessionId: session.sessionId,
        backend: () => session.backend(),
        describe: () => session.describe(),
        report: (report, mark) => (isDead() ? undefined : session.report(report, mark)),
        restart: (turnId) => session.restart(turnId),
      });
      return {
        get live() {
          return link.live;
        },
        perform: (effect, seq) => (isDead() ? undefined : link.perform(effect, seq)),
        recorded: (mark) => (isDead() ? undefined : link.recorded(mark)),
        adopt: (survivor, from) => link.adopt(survivor, from),
        fail: (failure) => link.fail(failure),
        abandon: () => link.abandon(),
        leave: () => link.leave(),
      };
    },
  };
}

const run = (engine: Engine, command: Command) =>
  engine.execute(command, { commandId: createId('command'), actor: ada });

async function create(engine: Engine): Promise<SessionId> {
  const receipt = await run(engine, { type: 'session.create', backend: 'scripted', cwd: '/w' });
  if (!receipt.ok) throw new Error(receipt.error.detail);
  return (receipt.result as SessionView).id;
}

const ask = (engine: Engine, sessionId: SessionId, text: string) =>
  run(engine, { type: 'turn.start', sessionId, input: [{ type: 'text', text }] });

async function read(engine: Engine, id: SessionId): Promise<RecordedEvent[]> {
  return (await engine.readEvents(id, { after: 0, limit: 5000 })).events;
}

function expectSound(log: readonly RecordedEvent[]): void {
  const events = log.map(({ event }) => event);
  expect(checkInvariants(events, log.reduce(evolve, noSession))).toEqual([]);
}

const heard = (agent: ScriptedAgent) =>
  agent.prompts.flatMap(({ input }) => input.flatMap((part) => (part.type === 'text' ? [part.text] : [])));

const said = (log: readonly RecordedEvent[]) =>
  log.flatMap(({ event }) =>
    event.type === 'item.ended' && event.item.type === 'agent-message' ? [event.item.text] : [],
  );

describe('agents in a runner', () => {
  test('a prompt that was taken down and not passed on reaches the agent by the next server, once', async () => {
    const { scripted, live, end } = await setUp();
    onTestFinished(end);
    const first = await live();
    const id = await create(first.engine);
    await ask(first.engine, id, 'one');
    const agent = await scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    agent.end(turnId);
    await vi.waitFor(async () => expect((await read(first.engine, id)).at(-1)?.event.type).toBe('turn.ended'), 60_000);
    const dying = first.die();
    await dying;
    const second = await live();
    await ask(second.engine, id, 'two');
    await agent.nextPrompt();
    expect(heard(agent)).toEqual(['one', 'two']);
    expect(scripted.agents).toHaveLength(1);
  });

  test('what an agent says of a setting before it hears of the next choice does not undo it', async () => {
    const { scripted, live, end } = await setUp();
    onTestFinished(end);
    const { engine } = await live();
    const id = await create(engine);
    const agent = await scripted.nextAgent();
    agent.start();
    await run(engine, { type: 'session.configure', sessionId: id, mode: 'plan' });
    // The choice is on its way to the runner.
    expect(agent.changes).toEqual([]);
    void agent.report({ type: 'session.configured', mode: 'default', model: 'large', by: 'agent' });
    await vi.waitFor(async () => expect(await engine.readView(id)).toMatchObject({ model: 'large' }), 60_000);
    expect(await engine.readView(id)).toMatchObject({ mode: 'plan' });
  });

  test('a server that knows nothing of a run ends it', async () => {
    const { scripted, live, store, end } = await setUp();
    onTestFinished(end);
    const first = await live();
    const id = await create(first.engine);
    await ask(first.engine, id, 'one');
    const agent = await scripted.nextAgent();
    await agent.nextPrompt();
    await first.die();
    await store.deleteSession(id);
    await live();
    await vi.waitFor(() => expect(agent.stopped).toBe(true), 60_000);
  });

  test('whenever servers die: each prompt reaches the agent once, and each of its words the log once', async () => {
    const step = fc.constantFrom('ask', 'say', 'end', 'die', 'die at once');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        const { scripted, live, end } = await setUp();
        try {
          let server = await live();
          const id = await create(server.engine);
          const sent: string[] = [];
          const words: string[] = [];
          const agent = await scripted.nextAgent();
          for (const [index, each] of steps.entries()) {
            const turn = agent.prompts.at(-1);
            if (each === 'ask') {
              sent.push(`prompt ${index}`);
              await ask(server.engine, id, `prompt ${index}`);
            } else if (each === 'say' && turn !== undefined) {
              words.push(`a${index} b${index}`);
              agent.say(turn.turnId, `a${index} `, `b${index}`);
            } else if (each === 'end' && turn !== undefined) {
              agent.end(turn.turnId);
            } else if (each.startsWith('die')) {
              if (each === 'die') await new Promise((resolve) => setImmediate(resolve));
              await server.die();
              server = await live();
            }
          }
          const finish = async () => {
            const turn = agent.prompts.at(-1);
            if (turn !== undefined) agent.end(turn.turnId);
            expect(heard(agent)).toEqual(sent);
            const log = await read(server.engine, id);
            expect(log.filter(({ event }) => event.type === 'turn.ended')).toHaveLength(sent.length);
            expect(log.filter(({ event }) => event.type === 'agent.started')).toHaveLength(1);
          };
          await vi.waitFor(finish, { timeout: 5000, interval: 5 });
          const log = await read(server.engine, id);
          expectSound(log);
          // What was said after its turn had ended is no part of it.
          expect(words).toEqual(expect.arrayContaining(said(log)));
          expect(new Set(said(log)).size).toBe(said(log).length);
        } finally {
          await end();
        }
      }),
      { numRuns: 25 },
    );
  });
});
