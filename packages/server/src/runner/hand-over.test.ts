import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createId } from '@baton/protocol';
import { describe, expect, test, vi } from 'vitest';
import { createRunnerRig } from './__fixtures__/runner-rig.ts';
import { writeRunnerFile } from './runner-files.ts';

const input = (text: string) => [{ type: 'text' as const, text }];

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
