import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkInvariants, evolve, noSession } from '@baton/core';
import { parseScenario, type Rehearsal, type Scenario } from '@baton/rehearsal';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AGENTS_UNDER_TEST, isInstalled, OLDER_CLAUDE, withScenario } from './harness/agents.ts';
import { type BatonProcess, startBaton } from './harness/baton-process.ts';
import { type Drive, type DriveOptions, drive } from './harness/drive.ts';
import type { Peer } from './harness/peer.ts';
import { findProcesses } from './harness/processes.ts';

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

const SAME_COMMAND = parseScenario(`
title: The same command in every turn
turns:
  - steps:
      - call: { tool: run, input: { command: "node -p 40+2", description: Add } }
      - say: Done.
`);

// Every behaviour a person relies on, with each real agent, through the whole server, over the wire.
describe.each([...AGENTS_UNDER_TEST, OLDER_CLAUDE])('$name', (agent) => {
  let baton: BatonProcess;
  let peer: Peer;
  const driven: Drive[] = [];

  beforeAll(async () => {
    expect(isInstalled(agent), 'npm test installs the agents; run it once').toBe(true);
    baton = await startBaton({ env: agent.serverEnv });
    peer = await baton.connect();
  });
  afterAll(async () => {
    peer?.close();
    await baton?.kill('SIGTERM');
  });
  // Whatever a test did, the log it leaves keeps every invariant.
  afterEach(() => {
    for (const each of driven.splice(0)) {
      const events = peer.events(each.id);
      const state = events.reduce(evolve, noSession);
      expect(
        checkInvariants(
          events.map(({ event }) => event),
          state,
        ),
      ).toEqual([]);
    }
  });

  function play(
    scenario: string | Scenario,
    options: Omit<DriveOptions, 'env'>,
    run: (session: Drive, rehearsal: Rehearsal) => Promise<void>,
  ): Promise<void> {
    return withScenario(scenario, async (env, rehearsal) => {
      const session = await drive({ baton, peer }, agent, { ...options, env });
      driven.push(session);
      await run(session, rehearsal);
    });
  }

  test('answers a prompt: reasoning and text stream before they end, and the turn has its usage', () =>
    play('simple', { prompt: 'Say hello' }, async (session) => {
      const ended = await session.turnEnded();
      expect(ended).toMatchObject({ outcome: 'completed', usage: { outputTokens: expect.any(Number) } });
      expect(session.said()).toContain('Hello from the rehearsal. I heard you.');
      const kinds = peer
        .events(session.id)
        .flatMap(({ event }) => (event.type === 'item.started' ? [event.item.type] : []));
      expect(kinds).toContain('reasoning');
      expect(kinds).toContain('agent-message');
      const deltas = peer.frames.filter((frame) => frame.type === 'delta' && frame.sessionId === session.id);
      expect(deltas.length).toBeGreaterThan(1);
      expect(await session.view()).toMatchObject({ state: 'idle', pending: { approvals: [], questions: [] } });
    }));

  test('asks before a command, and runs it when it may', () =>
    play('approval', { prompt: 'Write the note' }, async (session) => {
      const request = await session.answer('allow-once');
      expect(request.title).toContain('note.txt');
      expect(await session.turnEnded()).toMatchObject({ outcome: 'completed' });
      expect(readFileSync(join(session.cwd, 'note.txt'), 'utf8')).toBe('hello\n');
      expect(session.said()).toContain('The note is written.');
      const tool = peer
        .events(session.id)
        .find(({ event }) => event.type === 'item.ended' && event.item.type === 'tool-call');
      expect(tool).toMatchObject({ event: { item: { kind: 'execute', status: 'completed' } } });
    }));

  test('does not run what was denied, and hears why', () =>
    play('approval', { prompt: 'Write the note' }, async (session) => {
      await session.answer('deny-once', 'use printf to stdout instead');
      expect(await session.turnEnded()).toMatchObject({ outcome: 'completed' });
      expect(existsSync(join(session.cwd, 'note.txt'))).toBe(false);
      expect(session.said()).toContain('use printf to stdout instead');
      const tool = peer
        .events(session.id)
        .find(({ event }) => event.type === 'item.ended' && event.item.type === 'tool-call');
      expect(tool).toMatchObject({ event: { item: { status: 'denied' } } });
    }));

  test('does not ask again for what is always allowed', () =>
    play(SAME_COMMAND, { prompt: 'Make it' }, async (session) => {
      await session.answer('allow-always');
      await session.turnEnded();
      const { turnId } = await session.prompt('Make it again');
      expect(await session.turnEnded(turnId)).toMatchObject({ outcome: 'completed' });
      expect(peer.events(session.id).filter(({ event }) => event.type === 'approval.requested')).toHaveLength(1);
    }));

  test('asks its user a question and goes on with the answer', () =>
    play('question', { prompt: 'Set up the project' }, async (session) => {
      const asked = await peer.event(session.id, 'question.asked');
      expect(asked.questions.map((each) => each.multiSelect)).toEqual([false, true]);
      const [colour, parts] = asked.questions;
      expect(await session.view()).toMatchObject({ state: 'waiting' });
      const answers = { [colour?.id ?? '']: 'Blue', [parts?.id ?? '']: ['Server', 'Docs'] };
      await peer.command({ type: 'question.answer', questionId: asked.questionId, answers });
      expect(await session.turnEnded()).toMatchObject({ outcome: 'completed' });
      expect(session.said()).toMatch(/Blue/);
      expect(session.said()).toMatch(/Server, Docs|Server.*Docs/);
    }));

  test('stops in the middle of its answer, and can go on after', () =>
    play('long-stream', { prompt: 'Tell me a long story' }, async (session) => {
      await peer.until((frame) => frame.type === 'delta' && frame.sessionId === session.id && frame.offset > 30);
      await session.run({ type: 'turn.interrupt' });
      expect(await session.turnEnded()).toMatchObject({ outcome: 'interrupted' });
      expect(session.said()).toContain('The story begins.');
      expect(session.said()).not.toContain('The story ends.');
      expect(await session.view()).toMatchObject({ state: 'idle' });
      const { turnId } = await session.prompt('Tell me a long story');
      await session.run({ type: 'turn.interrupt' });
      expect(await session.turnEnded(turnId)).toMatchObject({ outcome: 'interrupted' });
    }));

  test('stops in the middle of a command, and the command is gone', () =>
    play('interrupt-tool', { prompt: 'Run the long command' }, async (session) => {
      await session.answer('allow-once');
      await peer.event(session.id, 'item.started', (event) => event.item.type === 'tool-call');
      const marker = `BATON_SESSION=${session.id}`;
      await expect.poll(() => findProcesses(marker, 'sleep').length, { timeout: 15_000 }).toBeGreaterThan(0);
      await session.run({ type: 'turn.interrupt' });
      expect(await session.turnEnded()).toMatchObject({ outcome: 'interrupted' });
      await expect.poll(() => findProcesses(marker, 'sleep'), { timeout: 10_000 }).toEqual([]);
    }));

  test('sees the image in a prompt', () =>
    play('image', {}, async (session) => {
      await session.prompt([
        { type: 'text', text: 'What is in this picture' },
        { type: 'image', mediaType: 'image/png', data: PIXEL },
      ]);
      expect(await session.turnEnded()).toMatchObject({ outcome: 'completed' });
      expect(session.said()).toContain('image/png');
    }));

  test('runs three queued prompts in order', () =>
    play('echo', { prompt: 'first' }, async (session) => {
      const second = await session.prompt('second');
      const third = await session.prompt('third');
      const fourth = await session.prompt('fourth');
      expect(third.state).toBe('queued');
      expect(fourth.state).toBe('queued');
      await session.turnEnded(fourth.turnId);
      expect(await session.turnEnded(second.turnId)).toMatchObject({ outcome: 'completed' });
      const order = ['first', 'second', 'third', 'fourth'].map((word) => session.said().indexOf(`You said: ${word}`));
      expect(order.every((at) => at >= 0)).toBe(true);
      expect(order).toEqual([...order].sort((left, right) => left - right));
    }));

  test.each([
    ['401', /backend-not-authenticated/],
    ['429', /rate-limited|quota-exceeded/],
    ['400', /model-failed|invalid-input/],
    ['overloaded', /model-failed/],
  ])('fails a turn in words when its model answers %s, and the session lives on', (word, kind) =>
    play('errors', { prompt: `Please ${word}` }, async (session) => {
      const ended = await session.turnEnded();
      expect(ended.outcome).toBe('failed');
      expect(ended.error?.kind).toMatch(kind);
      expect(ended.error?.message.length).toBeGreaterThan(20);
      expect(await session.view()).toMatchObject({ state: 'idle', failure: { kind: ended.error?.kind } });
    }),
  );

  test('tries again when its model is busy for a moment', () =>
    play('errors', { prompt: 'Please 429 once' }, async (session) => {
      expect(await session.turnEnded()).toMatchObject({ outcome: 'completed' });
    }));

  test('works in ten sessions at once without a byte crossing between them', () =>
    withScenario('echo', async (env) => {
      const sessions = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          drive({ baton, peer }, agent, { env, prompt: `only ${index}-${'abcdefghij'[index]}` }),
        ),
      );
      driven.push(...sessions);
      await Promise.all(sessions.map((session) => session.turnEnded()));
      for (const [index, session] of sessions.entries()) {
        expect(session.said()).toContain(`You said: only ${index}-${'abcdefghij'[index]}`);
        const all = JSON.stringify(
          peer.frames.filter((frame) => 'sessionId' in frame && frame.sessionId === session.id),
        );
        for (let other = 0; other < 10; other += 1) {
          if (other !== index) expect(all).not.toContain(`only ${other}-`);
        }
        await session.run({ type: 'session.stop' });
      }
    }));
});
