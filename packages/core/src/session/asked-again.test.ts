import type { ItemId, SessionEvent, TurnId } from '@baton/protocol';
import { given, SESSION } from '@baton/testkit';
import { describe, test } from 'vitest';
import type { Retry, SessionCommand } from './decision.ts';

const ONE = 'trn_one' as TurnId;
const TWO = 'trn_two' as TurnId;
const input = [{ type: 'text' as const, text: 'fix the tests' }];

const created: SessionEvent = { type: 'session.created', backend: 'claude', cwd: '/w', by: 'ada' };
const startRequested: SessionEvent = { type: 'session.start-requested', by: 'ada' };
const agentStarted: SessionEvent = { type: 'agent.started', pid: 7, version: '2' };
const stopRequested: SessionEvent = { type: 'session.stop-requested', by: 'ada' };
const crashed: SessionEvent = { type: 'agent.exited', code: null, signal: 'SIGKILL', expected: false };
const started: SessionEvent = { type: 'turn.started', turnId: ONE, input, by: 'ada' };
const requeued: SessionEvent = { type: 'turn.requeued', turnId: ONE, reason: 'x' };
const running = [created, startRequested, agentStarted, started];
const later: Retry = { kind: 'later', at: '2026-11-20T12:00:01.000Z', delayMs: 1000, attempt: 1, attempts: 4 };

/** The agent ended, and `heard` is what it had been given last. */
const ended = (heard: TurnId | null | undefined, expected = false): SessionCommand => ({
  type: 'agent.report',
  report: { type: 'agent.exited', code: null, signal: expected ? null : 'SIGKILL', expected, heard },
});

const settled = (heard: TurnId | null | undefined): SessionCommand => ({
  ...{ type: 'session.settle', resume: true, heard },
  failure: { kind: 'server-restarted', message: 'x' },
});

describe('a prompt that its agent never had', () => {
  test.each([null, TWO])('is asked again, when the agent is back: it had heard %s', (heard) =>
    given(...running)
      .when(ended(heard), { mayStart: false, retry: later })
      .then(
        { type: 'turn.requeued', turnId: ONE },
        { type: 'agent.exited', expected: false },
        { type: 'session.start-requested' },
        { type: 'notice.raised', level: 'warning' },
      ),
  );

  test('goes before what waits behind it', () =>
    given(...running, { type: 'turn.queued', turnId: TWO, input, by: 'ada' })
      .when(ended(null), { mayStart: true })
      .then(
        { type: 'turn.requeued', turnId: ONE },
        { type: 'agent.exited' },
        { type: 'session.start-requested' },
        { type: 'turn.started', turnId: ONE, input, by: 'ada' },
      ));

  test('is asked again at once, when the agent went to sleep and nobody had asked for that', () =>
    given(...running)
      .when(ended(null, true))
      .then(
        { type: 'turn.requeued', turnId: ONE },
        { type: 'agent.exited', expected: true },
        { type: 'session.start-requested' },
        { type: 'turn.started', turnId: ONE },
      ));

  test('is asked again once', () =>
    given(...running, requeued, crashed, startRequested, started)
      .when(ended(null), { mayStart: false, retry: later })
      .then({ type: 'turn.ended', turnId: ONE, outcome: 'failed' }, { type: 'agent.exited' }));

  test('fails when the agent does not come back by itself, so that nobody waits for it', () =>
    given(...running)
      .when(ended(null), { mayStart: false, retry: { kind: 'held' } })
      .then({ type: 'turn.ended', outcome: 'failed' }, { type: 'agent.exited' }));

  test('is asked again by a server that finds its agent dead, and knows what it heard', () =>
    given(...running)
      .when(settled(null), { mayStart: true })
      .then(
        { type: 'turn.requeued', turnId: ONE },
        { type: 'agent.exited', expected: false },
        { type: 'session.start-requested' },
        { type: 'turn.started', turnId: ONE, input, by: 'ada' },
      ));

  test.each([ONE, undefined])('fails when such a server knows that it heard %s', (heard) =>
    given(...running)
      .when(settled(heard), { mayStart: true })
      .then({ type: 'turn.ended', turnId: ONE, outcome: 'failed' }, { type: 'agent.exited' }),
  );

  test('ends as interrupted when somebody stopped it', () =>
    given(...running, stopRequested)
      .when(ended(null))
      .then({ type: 'turn.ended', outcome: 'interrupted' }, { type: 'agent.exited', expected: true }));

  test('ends as interrupted when somebody interrupted it', () =>
    given(...running, { type: 'turn.interrupt-requested', turnId: ONE, by: 'ada' })
      .when(ended(null), { mayStart: false, retry: later })
      .then({ type: 'turn.ended', outcome: 'interrupted' }, { type: 'agent.exited' }));

  test('waits in the queue, and can be taken out of it', () =>
    given(...running, requeued, crashed)
      .when({ type: 'turn.unqueue', sessionId: SESSION, turnId: ONE })
      .then({ type: 'turn.unqueued', turnId: ONE }));

  test('stays in the queue when the session is stopped before the agent is back', () =>
    given(...running, requeued, crashed, startRequested)
      .when({ type: 'session.stop', sessionId: SESSION }, { waits: true })
      .then({ type: 'session.stop-requested' }, { type: 'agent.exited', expected: true }));
});

describe('a prompt that its agent may have had', () => {
  const expectFailure = (heard: TurnId | null | undefined, ...events: SessionEvent[]) =>
    given(...running, ...events)
      .when(ended(heard), { mayStart: false, retry: later })
      .then({ type: 'turn.ended', turnId: ONE, outcome: 'failed' }, { type: 'agent.exited' });

  test.each([ONE, undefined])('fails: %s was given to it', (heard) => expectFailure(heard));
  test('fails when something began in its turn, whatever is said of it', () => {
    const itemId = 'itm_one' as ItemId;
    const item = { type: 'reasoning' as const, text: '' };
    expectFailure(null, { type: 'item.started', turnId: ONE, itemId, item }, { type: 'item.ended', itemId, item });
  });
  test('fails when something was added to it', () =>
    expectFailure(null, { type: 'turn.steered', turnId: ONE, input, by: 'ada' }));
});
