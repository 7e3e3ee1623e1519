import { once } from 'node:events';
import { statSync } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { createId, parseJson } from '@baton/protocol';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createRunnerRig, type RunnerHere } from './__fixtures__/runner-rig.ts';
import { connectRunner } from './runner-connection.ts';
import { type Order, RUNNER_PROTOCOL, wordSchema, type Word } from './runner-wire.ts';

/** Somebody at the runner's socket. */
async function visit({ file }: RunnerHere) {
  const socket = connect(file.address);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  const words: Word[] = [];
  // One that is cut off with words under way is a fault of the line, too.
  const lines = createInterface(socket);
  for (const each of [socket, lines]) each.on('error', () => undefined);
  lines.on('line', (line) => {
    const json = parseJson(line);
    words.push(wordSchema.parse(json.ok ? json.value : undefined));
  });
  const say = (order: Order) => socket.write(`${JSON.stringify(order)}\n`);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return { socket, words, say, closed };
}

const hello = (token: string, protocol = RUNNER_PROTOCOL): Order => ({ type: 'hello', token, protocol });

const start = (run: string): Order => ({
  ...{ type: 'start', run, sessionId: createId('session'), seq: 2, backend: 'scripted' },
  description: { sessionId: createId('session'), cwd: '/w', env: {} },
});

describe('whoever connects to a runner', () => {
  test.each([
    ['has no token', hello('a guess')],
    ['is of another protocol', hello('a token', RUNNER_PROTOCOL + 1)],
    ['does not say who it is', start('r')],
  ])('and %s is cut off and commands nothing', async (_, first) => {
    const runner = await createRunnerRig().startRunner();
    const { say, closed } = await visit(runner);
    say(first);
    say(start('r'));
    say({ type: 'close' });
    await closed;
    expect(runner.scripted.agents).toEqual([]);
    expect(runner.hasEnded()).toBe(false);
  });

  test('and says nothing, or too much before who it is, is cut off', async () => {
    const runner = await createRunnerRig().startRunner();
    const silent = await visit(runner);
    await vi.waitFor(() => expect(runner.sockets.size).toBe(1), 60_000);
    runner.clock.advance(5000);
    await silent.closed;
    const loud = await visit(runner);
    loud.socket.write('x'.repeat(100_000));
    await loud.closed;
  });

  test('and has the token takes the place of the server before it, which commands nothing any more', async () => {
    const runner = await createRunnerRig().startRunner();
    const first = await visit(runner);
    first.say(hello('a token'));
    await vi.waitFor(() => expect(first.words).toEqual([{ type: 'welcome', runs: [] }]), 60_000);
    const second = await visit(runner);
    second.say(hello('a token'));
    await vi.waitFor(() => expect(second.words).toHaveLength(1), 60_000);
    first.say(start('of the first'));
    second.say(start('of the second'));
    second.say({ type: 'ping' });
    await vi.waitFor(() => expect(second.words).toContainEqual({ type: 'pong' }), 60_000);
    expect(runner.scripted.agents).toHaveLength(1);
  });

  test('finds the file that names the token readable by its owner alone', async () => {
    const rig = createRunnerRig();
    await rig.startRunner();
    expect(statSync(`${rig.dataDir}/runner`).mode & 0o077).toBe(0);
  });
});

test('a runner is found again two hundred times, with one line and one timer for all of it', async () => {
  const rig = createRunnerRig();
  const runner = await rig.startRunner();
  for (let times = 0; times < 200; times += 1) {
    const server = await connectRunner({
      file: runner.file,
      clock: runner.clock,
      onLost: () => Promise.resolve(undefined),
    });
    expect(server.survivors).toEqual([]);
    server.leave();
  }
  await vi.waitFor(() => expect(runner.sockets.size).toBe(0), 60_000);
  expect(runner.hasEnded()).toBe(false);
  // Nobody has come for a minute, and it has nothing.
  runner.clock.advance(60_000);
  expect(runner.hasEnded()).toBe(true);
});

test('an agent without a server waits with what would fill more than there is room for, and says all of it to the next', async () => {
  const piece = 'x'.repeat(1024);
  const runner = await createRunnerRig().startRunner({ mostKept: 63 * piece.length });
  const first = await visit(runner);
  first.say(hello('a token'));
  first.say(start('r'));
  const agent = await runner.scripted.nextAgent();
  await vi.waitFor(() => expect(first.words.length).toBeGreaterThan(2), 60_000);
  first.socket.destroy();
  await vi.waitFor(() => expect(runner.sockets.size).toBe(0), 60_000);
  const turnId = createId('turn');
  const itemId = createId('item');
  void agent.report({ type: 'item.started', turnId, itemId, item: { type: 'agent-message', text: '' } });
  const said = Array.from({ length: 66 }, () =>
    agent.report({ type: 'item.delta', itemId, field: 'text', text: piece }),
  );
  expect(said.slice(0, 60)).toEqual(Array.from({ length: 60 }, () => undefined));
  expect(said.at(-1)).toBeInstanceOf(Promise);
  const second = await connectRunner({
    file: runner.file,
    clock: runner.clock,
    onLost: () => Promise.resolve(undefined),
  });
  onTestFinished(() => second.leave());
  expect(second.survivors).toMatchObject([{ run: 'r', startedAfter: 2, askedUpTo: 2, takenDown: 0 }]);
  let heard = 0;
  const whole = Promise.withResolvers<void>();
  second.listen('r', {
    hear(word) {
      if (word.type !== 'said' || word.report.type !== 'item.delta') return;
      heard += word.report.text.length;
      if (heard === 66 * piece.length) whole.resolve();
    },
    lost: whole.reject,
  });
  second.send({ type: 'adopt', run: 'r', after: 0 });
  await whole.promise;
  // With a server it waits for nothing but the line, however long one item becomes.
  await said.at(-1);
  expect(agent.report({ type: 'item.delta', itemId, field: 'text', text: piece.repeat(100) })).toBeUndefined();
});
