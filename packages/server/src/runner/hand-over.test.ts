import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createId, type SessionId, type TurnId } from '@baton/protocol';
import { describe, expect, test, vi } from 'vitest';
import { createRunnerRig, type RunnerHere, type ServerHere } from './__fixtures__/runner-rig.ts';
import { toHeardFolder, writeRunnerFile } from './runner-files.ts';

const input = (text: string) => [{ type: 'text' as const, text }];

type Rig = ReturnType<typeof createRunnerRig>;

interface Asked {
  server: ServerHere;
  runner: RunnerHere;
  id: SessionId;
  turnId: TurnId;
}

/** A prompt that the server wrote to the line, and the runner has not read. */
async function askUnread(rig: Rig): Promise<Asked> {
  const runner = await rig.startRunner();
  const server = await rig.serve();
  const { id } = await server.create();
  const agent = await runner.scripted.nextAgent();
  agent.end((await agent.nextPrompt()).turnId);
  await server.until(id, 'turn.ended');
  runner.freeze();
  const turnId = createId('turn');
  await server.run({ type: 'turn.start', sessionId: id, turnId, input: input('Work on') });
  await server.until(id, 'turn.started');
  return { server, runner, id, turnId };
}

/** A prompt that the runner holds, because its agent cannot take it yet. */
async function askHolding(rig: Rig): Promise<Asked> {
  const turnId = createId('turn');
  const asked = Promise.withResolvers<void>();
  const runner = await rig.startRunner({
    agents: { session: { held: { unheard: turnId } }, onPrompt: () => asked.resolve() },
  });
  const server = await rig.serve();
  const { id } = await server.create();
  await asked.promise;
  await runner.scripted.agents[0]?.report({
    type: 'turn.ended',
    turnId: await firstTurn(server, id),
    outcome: 'completed',
  });
  await server.until(id, 'turn.ended');
  await server.run({ type: 'turn.start', sessionId: id, turnId, input: input('Work on') });
  await vi.waitFor(() => expect(runner.scripted.agents[0]?.prompts).toHaveLength(2), 60_000);
  return { server, runner, id, turnId };
}

async function firstTurn(server: ServerHere, id: SessionId): Promise<TurnId> {
  const log = await server.until(id, 'turn.started');
  const started = log.map(({ event }) => event).find((event) => event.type === 'turn.started');
  if (started === undefined) throw new Error('No turn has started');
  return started.turnId;
}

async function expectAsked(rig: Rig, { server, turnId }: Pick<Asked, 'server' | 'turnId'>): Promise<void> {
  server.clock.advance(1000);
  await vi.waitFor(() => expect(rig.runners[1]?.scripted.agents).toHaveLength(1), 60_000);
  const next = await rig.runners[1]?.scripted.nextAgent();
  expect(await next?.nextPrompt()).toMatchObject({ turnId });
  expect(rig.runners[0]?.scripted.agents.flatMap(({ prompts }) => prompts)).not.toHaveLength(0);
}

describe('an agent in a runner', () => {
  test('works on over one server after another, also in a runner of an earlier build', async () => {
    const rig = createRunnerRig();
    const runner = await rig.startRunner();
    const first = await rig.serve();
    const { id } = await first.create();
    const agent = await runner.scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    await first.engine.stop({ agents: 'leave' });
    // From now on that runner is not what a server would start.
    runner.file.fingerprint = 'another';
    writeRunnerFile(rig.dataDir, runner.file);
    await rig.startRunner();
    for (let restarts = 0; restarts < 3; restarts += 1) {
      const server = await rig.serve();
      expect(runner.hasEnded()).toBe(false);
      await server.engine.stop({ agents: 'leave' });
    }
    const last = await rig.serve();
    agent.say(turnId, 'It is done');
    agent.end(turnId);
    const log = await last.until(id, 'turn.ended');
    expect(log.at(-1)?.event).toMatchObject({ outcome: 'completed' });
    // With its last agent the runner ends, for which nobody has a use any more.
    await last.run({ type: 'session.stop', sessionId: id });
    await vi.waitFor(() => expect(runner.hasEnded()).toBe(true), 60_000);
  });

  test('whose runner hangs has failed after half a minute, with the reason; what it asked is withdrawn', async () => {
    const rig = createRunnerRig();
    const runner = await rig.startRunner();
    const server = await rig.serve();
    const { id } = await server.create();
    const agent = await runner.scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    agent.ask(turnId);
    await server.until(id, 'approval.requested');
    expect(server.readRunners()).toMatchObject({ state: 'ready', current: { agents: 1 }, earlier: [] });
    runner.freeze();
    server.clock.advance(10_000);
    expect(server.readRunners()).toMatchObject({ state: 'silent' });
    for (let seconds = 0; seconds < 60; seconds += 5) server.clock.advance(5000);
    const log = await server.until(id, 'turn.ended');
    expect(log.find(({ event }) => event.type === 'approval.withdrawn')).toBeDefined();
    const failed = log.find(({ event }) => event.type === 'agent.exited')?.event;
    expect(failed).toMatchObject({ failure: { message: expect.stringContaining('said nothing for 30 s') } });
    expect(readdirSync(join(rig.dataDir, 'runner'))).toEqual([]);
  });

  test('is not taken for one that hangs while it answers', async () => {
    const rig = createRunnerRig();
    const runner = await rig.startRunner();
    const server = await rig.serve();
    const { id } = await server.create();
    await (await runner.scripted.nextAgent()).nextPrompt();
    for (let pings = 0; pings < 20; pings += 1) {
      server.clock.advance(5000);
      // An answer that needs the runner, behind the ping.
      await server.run({ type: 'session.configure', sessionId: id, mode: pings % 2 === 0 ? 'plan' : 'default' });
      await vi.waitFor(() => expect(runner.scripted.agents[0]?.changes).toHaveLength(pings + 1), 60_000);
    }
    expect(await server.engine.readView(id)).toMatchObject({ state: 'running' });
  });

  test('ends within a bound with a server whose runner hangs', async () => {
    const rig = createRunnerRig();
    const runner = await rig.startRunner();
    const server = await rig.serve();
    await server.create();
    await (await runner.scripted.nextAgent()).nextPrompt();
    runner.freeze();
    const stopped = server.engine.stop({ agents: 'end' });
    await vi.waitFor(() => {
      server.clock.advance(5000);
      expect(readdirSync(join(rig.dataDir, 'runner'))).toEqual([]);
    }, 60_000);
    await stopped;
  });

  test('that was about to start when its runner died has failed, and is not awaited for ever', async () => {
    const rig = createRunnerRig();
    const runner = await rig.startRunner();
    const folder = Promise.withResolvers<string>();
    const asked = Promise.withResolvers<void>();
    let looks = 0;
    const server = await rig.serve({
      resolveFolder(path) {
        looks += 1;
        if (looks === 1) return Promise.resolve(path);
        asked.resolve();
        return folder.promise;
      },
    });
    const { id } = await server.create();
    await asked.promise;
    runner.die();
    await vi.waitFor(() => expect(readdirSync(join(rig.dataDir, 'runner'))).toEqual([]), 60_000);
    folder.resolve('/w');
    const log = await server.until(id, 'agent.exited');
    expect(log.find(({ event }) => event.type === 'agent.exited')?.event).toMatchObject({ expected: false });
  });

  test('that died with its runner before it had its prompt is asked again in the next one, once', async () => {
    const rig = createRunnerRig({ startsRunners: true });
    const runner = await rig.startRunner();
    const gate = Promise.withResolvers<void>();
    let prompts = 0;
    const server = await rig.serve({
      beforeTurn() {
        prompts += 1;
        return prompts === 2 ? gate.promise : Promise.resolve();
      },
    });
    const { id } = await server.create();
    const agent = await runner.scripted.nextAgent();
    agent.end((await agent.nextPrompt()).turnId);
    await server.until(id, 'turn.ended');
    const turnId = createId('turn');
    await server.run({ type: 'turn.start', sessionId: id, turnId, input: input('Again') });
    runner.die();
    await server.until(id, 'turn.requeued');
    gate.resolve();
    expect(await server.engine.readView(id)).toMatchObject({ queue: [{ turnId }] });
    server.clock.advance(1000);
    await vi.waitFor(() => expect(rig.runners[1]?.scripted.agents).toHaveLength(1), 60_000);
    const next = await rig.runners[1]?.scripted.nextAgent();
    expect(await next?.nextPrompt()).toMatchObject({ turnId, input: input('Again') });
    expect(agent.prompts).toHaveLength(1);
  });

  test('whose prompt lay unread before a runner that died is asked again in the next one', async () => {
    const rig = createRunnerRig({ startsRunners: true });
    const { server, runner, id, turnId } = await askUnread(rig);
    runner.die();
    await server.until(id, 'turn.requeued');
    await expectAsked(rig, { server, turnId });
  });

  test('that had not been given its prompt when its runner died is asked again in the next one', async () => {
    const rig = createRunnerRig({ startsRunners: true });
    const { server, runner, id, turnId } = await askHolding(rig);
    runner.die();
    await server.until(id, 'turn.requeued');
    await expectAsked(rig, { server, turnId });
  });

  test.runIf(process.platform === 'linux').each([
    ['lay unread before its runner', askUnread],
    ['was held for it', askHolding],
  ])('whose prompt %s when server and runner died is asked again after the next start', async (_, ask) => {
    const rig = createRunnerRig({ startsRunners: true });
    const { server, runner, id, turnId } = await ask(rig);
    await server.engine.stop({ agents: 'leave' });
    runner.die();
    const next = await rig.serve();
    await next.until(id, 'turn.requeued');
    await expectAsked(rig, { server: next, turnId });
  });

  test('that had its prompt when server and runner died is not asked twice', async () => {
    const rig = createRunnerRig({ startsRunners: true });
    const runner = await rig.startRunner();
    const server = await rig.serve();
    const { id } = await server.create();
    await (await runner.scripted.nextAgent()).nextPrompt();
    await server.engine.stop({ agents: 'leave' });
    runner.die();
    const log = await (await rig.serve()).until(id, 'turn.ended');
    expect(log.map(({ event }) => event.type)).not.toContain('turn.requeued');
    expect(log.find(({ event }) => event.type === 'turn.ended')?.event).toMatchObject({
      error: { kind: 'server-restarted' },
    });
  });

  test('is not given a prompt that the runner cannot write down as given', async () => {
    const rig = createRunnerRig();
    const runner = await rig.startRunner();
    const server = await rig.serve();
    rmSync(toHeardFolder(rig.dataDir, runner.file.id), { recursive: true });
    const { id } = await server.create();
    const log = await server.until(id, 'turn.ended');
    const ended = log.find(({ event }) => event.type === 'turn.ended')?.event;
    expect(ended).toMatchObject({ outcome: 'failed', error: { message: expect.stringContaining('was not given') } });
    expect(runner.scripted.agents[0]?.prompts).toEqual([]);
  });

  test('that died with its runner, which had its prompt, is not asked twice', async () => {
    const rig = createRunnerRig({ startsRunners: true });
    const runner = await rig.startRunner();
    const server = await rig.serve();
    const { id } = await server.create();
    await (await runner.scripted.nextAgent()).nextPrompt();
    runner.die();
    const log = await server.until(id, 'agent.exited');
    expect(log.map(({ event }) => event.type)).not.toContain('turn.requeued');
    expect(log.find(({ event }) => event.type === 'turn.ended')?.event).toMatchObject({ outcome: 'failed' });
  });

  test('that ended before its prompt came to the runner is asked again', async () => {
    const rig = createRunnerRig();
    const runner = await rig.startRunner();
    const server = await rig.serve();
    const { id } = await server.create();
    const agent = await runner.scripted.nextAgent();
    agent.end((await agent.nextPrompt()).turnId);
    await server.until(id, 'turn.ended');
    const turnId = createId('turn');
    // Then its end is on its way to the server, and the prompt to the runner.
    server.engine.onRecorded((recorded) => {
      if (recorded.some(({ event }) => event.type === 'turn.started' && event.turnId === turnId)) agent.crash();
    });
    await server.run({ type: 'turn.start', sessionId: id, turnId, input: input('Again') });
    await server.until(id, 'turn.requeued');
    server.clock.advance(1000);
    const next = await runner.scripted.nextAgent();
    expect(await next.nextPrompt()).toMatchObject({ turnId });
    expect(agent.prompts).toHaveLength(1);
  });

  test('that does not know yet what was said before can be ended', async () => {
    const rig = createRunnerRig();
    const runner = await rig.startRunner();
    const server = await rig.serve();
    const { id } = await server.create();
    const agent = await runner.scripted.nextAgent();
    // The server is about to forget the session, and answers nothing any more.
    runner.freeze();
    const past = (async () => {
      for await (const _ of agent.options.history()) break;
    })();
    past.catch(() => undefined);
    const deleted = server.engine.deleteSession(id, { id: 'ada', name: 'Ada' });
    for (const socket of runner.sockets) socket.resume();
    expect(await deleted).toMatchObject({ ok: true });
    await Promise.allSettled([past]);
  });

  test('is put to sleep by the server after the one it worked for, without another word of it', async () => {
    const rig = createRunnerRig();
    const runner = await rig.startRunner();
    const first = await rig.serve();
    const { id } = await first.create();
    const agent = await runner.scripted.nextAgent();
    agent.end((await agent.nextPrompt()).turnId);
    await first.until(id, 'turn.ended');
    await first.engine.stop({ agents: 'leave' });
    const second = await rig.serve({ sleepAfterMs: 60_000 });
    await vi.waitFor(() => {
      second.clock.advance(4000);
      expect(agent.stopped).toBe(true);
    }, 60_000);
    await second.until(id, 'agent.exited');
  });

  test('is ended when the log was put back to before what it said', async () => {
    const rig = createRunnerRig();
    const runner = await rig.startRunner();
    const first = await rig.serve();
    const { id } = await first.create();
    const agent = await runner.scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    agent.say(turnId, 'Half of it');
    await first.until(id, 'item.ended');
    // That the log has it is told the runner, too.
    await first.run({ type: 'session.configure', sessionId: id, mode: 'plan' });
    await vi.waitFor(() => expect(agent.changes).toHaveLength(1), 60_000);
    await first.engine.stop({ agents: 'leave' });
    rig.store.readMark = () => Promise.resolve(undefined);
    const second = await rig.serve();
    const log = await second.until(id, 'turn.ended');
    const ended = log.find(({ event }) => event.type === 'turn.ended')?.event;
    expect(ended).toMatchObject({ outcome: 'failed', error: { kind: 'server-restarted' } });
    expect(agent.stopped).toBe(true);
  });

  test('gets the prompt, the answer and the interrupt that its server took and did not pass on', async () => {
    const rig = createRunnerRig();
    const runner = await rig.startRunner();
    const first = await rig.serve();
    const { id } = await first.create();
    const agent = await runner.scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    const approvalId = agent.ask(turnId);
    await first.until(id, 'approval.requested');
    runner.freeze();
    await first.run({ type: 'approval.answer', approvalId, option: 'allow' });
    await first.run({ type: 'turn.start', sessionId: id, turnId: createId('turn'), input: input('And this') });
    await first.run({ type: 'turn.interrupt', sessionId: id });
    // What it wrote to the line is lost with it.
    await first.engine.stop({ agents: 'leave' });
    for (const socket of runner.sockets) socket.destroy();
    const second = await rig.serve();
    await agent.nextInterrupt();
    expect(agent.approvals.map((answer) => answer.option)).toEqual(['allow']);
    agent.end(turnId, 'interrupted');
    expect((await agent.nextPrompt()).input).toEqual(input('And this'));
    await second.until(id, 'turn.ended');
  });
});
