import { AppError, parseJson } from '@baton/protocol';
import { createManualClock } from '@baton/testkit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AgentNotification, AgentRequest } from './agent-requests.ts';
import { createRpcChannel, METHOD_NOT_FOUND, type RpcChannel, RpcRefusal } from './rpc.ts';
import { type Call, type Incoming, parseIncoming, type RpcOutcome } from './wire.ts';

interface Line {
  rpc: RpcChannel;
  clock: ReturnType<typeof createManualClock>;
  /** What was heard and answered, in its order. */
  order: unknown[];
  /** What went to the agent; resolves with the n-th message (1 is the first). */
  sent(n: number): Promise<unknown>;
  sentSoFar: unknown[];
  say(message: unknown): Promise<void>;
  /** Starts a request and notes its outcome. */
  ask(): Promise<void>;
}

interface LineOptions {
  hear?: (call: Call) => void | Promise<void>;
  write?: () => Promise<void>;
}

function open({ hear = () => {}, write = async () => {} }: LineOptions = {}): Line {
  const clock = createManualClock();
  const order: unknown[] = [];
  const sentSoFar: string[] = [];
  const watchers = new Set<() => void>();
  const rpc = createRpcChannel({
    title: 'Agent',
    clock,
    write(text) {
      sentSoFar.push(text);
      for (const look of watchers) look();
      return write();
    },
    hear(call) {
      order.push(call.type === 'request' ? call.id : call.params);
      return hear(call);
    },
  });
  const sent = (n: number) =>
    new Promise<unknown>((resolve) => {
      const look = () => {
        const text = sentSoFar[n - 1];
        if (text === undefined) return;
        watchers.delete(look);
        const read = parseJson(text);
        resolve(read.ok ? read.value : read);
      };
      watchers.add(look);
      look();
    });
  return {
    rpc,
    clock,
    order,
    sent,
    sentSoFar,
    say: async (message) => rpc.take(parseIncoming(message)),
    ask: () => rpc.call(PROMPT, (outcome) => void order.push(toWords(outcome))),
  };
}

const PROMPT: AgentRequest = { method: 'session/prompt', params: { sessionId: 's', prompt: [] } };
const MODE: AgentRequest = { method: 'session/set_mode', params: { sessionId: 's', modeId: 'm' } };
const CANCEL: AgentNotification = { method: 'session/cancel', params: { sessionId: 's' } };

const toWords = (outcome: RpcOutcome) => (outcome.ok ? outcome.result : `refused: ${outcome.error.message}`);
const ok = (id: unknown, result: unknown = 'done') => ({ jsonrpc: '2.0', id, result });
const update = (at: number) => ({ jsonrpc: '2.0', method: 'session/update', params: at });
const other = (at: number) => ({ jsonrpc: '2.0', method: '_other', params: at });

// The library tells what it does not understand on the console of the server.
let told: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  told = vi.spyOn(console, 'error');
});
afterEach(() => {
  expect(told).not.toHaveBeenCalled();
  told.mockRestore();
});

describe('what an agent says is taken in its order', () => {
  test('updates, other notifications, requests and answers', async () => {
    const line = open();
    await line.ask();
    const messages = [
      update(1),
      other(2),
      update(3),
      { id: 'four', method: 'x' },
      update(5),
      ok(0),
      update(6),
      other(7),
    ];
    for (const message of messages) await line.say(message);
    expect(line.order).toEqual([1, 2, 3, 'four', 5, 'done', 6, 7]);
  });

  test('however many come before the answer', async () => {
    const line = open({ hear: async () => {} });
    await line.ask();
    const numbers = Array.from({ length: 1000 }, (_, at) => at);
    for (const at of numbers) await line.say(at % 3 === 0 ? other(at) : update(at));
    await line.say(ok(0));
    expect(line.order).toEqual([...numbers, 'done']);
  });

  test.each([update(1), other(1), { id: 1, method: 'x', params: 1 }])(
    'and no more of it while somebody is not ready for it: %j',
    async (message) => {
      const slow = Promise.withResolvers<void>();
      const line = open({ hear: () => slow.promise });
      await line.ask();
      let isTaken = false;
      const taking = line.say(message).then(() => (isTaken = true));
      await expect.poll(() => line.order).toEqual([1]);
      expect(isTaken).toBe(false);
      slow.resolve();
      await taking;
      await line.say(ok(0));
      expect(line.order).toEqual([1, 'done']);
    },
  );

  test('a fault of who hears it is told to who reads it', async () => {
    const line = open({
      hear() {
        throw new Error('broken');
      },
    });
    for (const message of [update(1), other(2), { id: 3, method: 'x' }])
      await expect(line.say(message)).rejects.toThrow('broken');
  });
});

describe('an answer', () => {
  test.each([
    ['in good order', { jsonrpc: '2.0', id: 0, result: 'done' }, 'done'],
    ['without the version of the protocol', { id: 0, result: 'done' }, 'done'],
    ['of nothing', { id: 0, result: null }, null],
    ['with our number as a string', { id: '0', result: 'done' }, 'done'],
    ['that refuses', { id: 0, error: { code: -1, message: 'no' } }, 'refused: no'],
    ['that refuses without a code', { id: 0, error: { message: 'no' } }, 'refused: no'],
    ['that refuses with half a code', { id: 0, error: { code: 1.5, message: 'no' } }, 'refused: no'],
    ['that refuses in words', { id: 0, error: 'no' }, 'refused: no'],
    ['that refuses what it could not read', { id: null, error: { code: -32_700, message: 'no' } }, 'refused: no'],
    ['with both', { id: 0, result: 'done', error: null }, 'done'],
  ])('%s is understood', async (_, message, expected) => {
    const line = open();
    await line.ask();
    await line.say(message);
    expect(line.order).toEqual([expected]);
  });

  test('that comes twice counts once', async () => {
    const line = open();
    await line.ask();
    for (const result of ['first', 'second']) await line.say(ok(0, result));
    expect(line.order).toEqual(['first']);
  });

  test.each([ok(7), ok('0x0'), ok(null), { id: null, error: { code: -32_700, message: 'which?' } }])(
    'to nothing that was asked is left alone: %j',
    async (stray) => {
      const line = open();
      await line.ask();
      await line.ask();
      await line.say(stray);
      for (const id of [1, 0]) await line.say(ok(id, id));
      expect(line.order).toEqual([1, 0]);
    },
  );

  test('before anything was asked is left alone', async () => {
    await expect(open().say(ok(0))).resolves.toBeUndefined();
  });
});

describe('a request of ours', () => {
  test('resolves with its answer, of which its hearer knows first', async () => {
    const line = open();
    const asked = line.rpc.request(MODE, { timeoutMs: 1000, onResult: (result) => void line.order.push(result) });
    expect(await line.sent(1)).toEqual({ jsonrpc: '2.0', id: 0, ...MODE });
    await line.say(ok(0));
    await line.say(update(1));
    expect(line.order).toEqual(['done', 1]);
    expect(await asked).toBe('done');
  });

  test('that is refused says so', async () => {
    const line = open();
    const asked = line.rpc.request(MODE, { timeoutMs: 1000 });
    await line.sent(1);
    const error = { code: -32_602, message: 'no such mode', data: { mode: 'm' } };
    await line.say({ id: 0, error });
    await expect(asked).rejects.toThrow(RpcRefusal);
    await expect(asked).rejects.toMatchObject({ message: 'session/set_mode: no such mode', error });
  });

  test('that is answered with nonsense says so', async () => {
    const line = open();
    const onResult = () => {
      throw new Error('not a mode');
    };
    const asked = line.rpc.request(MODE, { timeoutMs: 1000, onResult });
    await line.sent(1);
    await line.say(ok(0));
    await expect(asked).rejects.toMatchObject({
      kind: 'agent-unresponsive',
      message: expect.stringMatching(/cannot read/),
    });
  });

  test('is waited for as long as it may take, and no longer; the agent hears of that, and may still answer', async () => {
    const line = open();
    const asked = line.rpc.request(MODE, { timeoutMs: 1000 });
    await line.sent(1);
    line.clock.advance(1000);
    await expect(asked).rejects.toMatchObject({
      kind: 'agent-unresponsive',
      message: 'Agent did not answer "session/set_mode" within 1 s',
    });
    expect(await line.sent(2)).toEqual({ jsonrpc: '2.0', method: '$/cancel_request', params: { requestId: 0 } });
    await line.say({ id: 0, error: { code: -32_800, message: 'Request cancelled' } });
    await line.say(update(1));
    expect(line.order).toEqual([1]);
  });

  test('that cannot be written says why, and what was asked before is still waited for', async () => {
    const gone = new AppError('agent-exited', 'It has ended');
    const writes = [Promise.resolve()];
    const line = open({ write: () => writes.shift() ?? Promise.reject(gone) });
    await line.ask();
    await expect(line.ask()).rejects.toBe(gone);
    await expect(line.rpc.request(MODE, { timeoutMs: 1000 })).rejects.toBe(gone);
    await expect(line.rpc.notify(CANCEL)).rejects.toBe(gone);
    await line.say(ok(0, 'its last words'));
    expect(line.order).toEqual(['its last words']);
  });

  test('that is under way when the agent ends fails with the reason, and a call says nothing', async () => {
    const line = open();
    await line.ask();
    const asked = line.rpc.request(MODE, { timeoutMs: 1000 });
    await line.sent(2);
    const reason = new AppError('agent-exited', 'It has ended');
    line.rpc.close(reason);
    await expect(asked).rejects.toBe(reason);
    await expect(line.rpc.request(MODE, { timeoutMs: 1000 })).rejects.toBe(reason);
    await expect(line.ask()).rejects.toBe(reason);
    await line.say(ok(0));
    await line.say(other(1));
    expect(line.order).toEqual([]);
  });

  test('that comes after an agent that never began fails with the reason', async () => {
    const line = open();
    const reason = new AppError('agent-exited', 'It has ended');
    line.rpc.close(reason);
    await expect(line.ask()).rejects.toBe(reason);
    expect(line.sentSoFar).toEqual([]);
  });
});

describe('a request of the agent', () => {
  test('waits for its answer, whenever it comes, and gets one', async () => {
    const line = open();
    for (const id of ['a', 1, '1', null]) await line.say({ id, method: 'x' });
    for (const [rpcId, result] of [
      [1, {}],
      ['a', { a: 1 }],
      [null, undefined],
    ] as const)
      line.rpc.reply({ rpcId, result });
    line.rpc.reply({ rpcId: '1', error: { code: METHOD_NOT_FOUND, message: 'no', data: [1] } });
    await line.sent(4);
    for (const rpcId of ['a', 1, '1', null, 'never asked']) line.rpc.reply({ rpcId, result: 'again' });
    await line.rpc.call(PROMPT, () => {});
    expect(await Promise.all([1, 2, 3, 4, 5].map(line.sent))).toEqual([
      { jsonrpc: '2.0', id: 1, result: {} },
      { jsonrpc: '2.0', id: 'a', result: { a: 1 } },
      { jsonrpc: '2.0', id: null, result: null },
      { jsonrpc: '2.0', id: '1', error: { code: METHOD_NOT_FOUND, message: 'no', data: [1] } },
      { jsonrpc: '2.0', id: 0, ...PROMPT },
    ]);
  });

  test('whose id was used before is another one', async () => {
    const line = open();
    for (const params of ['first', 'second']) await line.say({ id: 1, method: 'x', params });
    for (const result of ['one', 'two', 'three']) line.rpc.reply({ rpcId: 1, result });
    await line.rpc.call(PROMPT, () => {});
    expect(await Promise.all([1, 2, 3].map(line.sent))).toMatchObject([
      { id: 1, result: 'one' },
      { id: 1, result: 'two' },
      { method: 'session/prompt' },
    ]);
  });

  test('that it takes back is heard of once, and answered once', async () => {
    const line = open({
      hear(call) {
        if (call.method === '$/cancel_request') line.rpc.reply({ rpcId: 'a', result: 'withdrawn' });
      },
    });
    await line.say({ id: 'a', method: 'x' });
    await line.say({ method: '$/cancel_request', params: { requestId: 'a' } });
    line.rpc.reply({ rpcId: 'a', result: 'too late' });
    await line.rpc.call(PROMPT, () => {});
    expect(line.order).toEqual(['a', { requestId: 'a' }]);
    expect(await Promise.all([1, 2].map(line.sent))).toMatchObject([{ id: 'a', result: 'withdrawn' }, { id: 0 }]);
    expect(line.sentSoFar.length).toBe(2);
  });

  test('cannot be answered when the agent has ended', async () => {
    const line = open();
    await line.say({ id: 'a', method: 'x' });
    line.rpc.close(new AppError('agent-exited', 'It has ended'));
    line.rpc.reply({ rpcId: 'a', result: {} });
    await line.say(update(1));
    expect(line.sentSoFar).toEqual([]);
  });
});

test('a message that the protocol does not have is taken like any other', async () => {
  const known: Incoming[] = [];
  const line = open({ hear: (call) => void known.push(call) });
  await line.say({ method: 'session/update', params: { sessionId: 's', update: { sessionUpdate: 'brand_new' } } });
  await line.say({ method: 'session/update', id: 1, params: 'no notification' });
  await line.say({ method: 'elicitation/complete', params: 'not as it should be' });
  await line.say({ method: 'session/request_permission', id: 2, params: null });
  expect(known.map((call) => call.type)).toEqual(['notification', 'request', 'notification', 'request']);
});
