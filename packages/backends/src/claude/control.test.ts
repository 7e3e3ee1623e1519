import { AppError } from '@baton/protocol';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createManualClock } from '@baton/testkit';
import { createControlChannel } from './control.ts';

const requestSchema = z.object({ request_id: z.string(), request: z.looseObject({ subtype: z.string() }) });

function setUp(write: (line: unknown) => Promise<void> = async () => {}) {
  const clock = createManualClock();
  const lines: unknown[] = [];
  const channel = createControlChannel({
    clock,
    write: (line) => {
      lines.push(line);
      return write(line);
    },
  });
  const lastId = () => requestSchema.parse(lines.at(-1)).request_id;
  return { clock, lines, channel, lastId };
}

test('matches answers to requests, in any order', async () => {
  const { channel, lastId } = setUp();
  const first = channel.request('set_model', { model: 'a' }, 1000);
  const firstId = lastId();
  const second = channel.request('interrupt', {}, 1000);
  channel.settle({ subtype: 'success', request_id: lastId(), response: { still_queued: [] } });
  channel.settle({ subtype: 'success', request_id: firstId });
  expect(await second).toEqual({ still_queued: [] });
  expect(await first).toBeUndefined();
});

test('leaves answers alone that it did not ask for', () => {
  const { channel, lines } = setUp();
  channel.settle({ subtype: 'success', request_id: 'an echo of our own' });
  expect(lines).toEqual([]);
});

test('does not wait for ever', async () => {
  const { channel, clock } = setUp();
  const asked = channel.request('interrupt', {}, 5000);
  clock.advance(5000);
  await expect(asked).rejects.toMatchObject({
    kind: 'agent-unresponsive',
    message: expect.stringContaining('within 5 s'),
  });
});

test('passes on a refusal, a failed write and a close', async () => {
  const { channel, lastId } = setUp();
  const refused = channel.request('set_cwd', {}, 1000);
  channel.settle({ subtype: 'error', request_id: lastId(), error: 'Unsupported control request subtype: set_cwd' });
  await expect(refused).rejects.toMatchObject({ kind: 'capability-missing' });
  const closed = channel.request('interrupt', {}, 1000);
  channel.close(new AppError('agent-exited', 'gone'));
  await expect(closed).rejects.toMatchObject({ kind: 'agent-exited' });
  const broken = setUp(() => Promise.reject(new AppError('agent-exited', 'broken pipe')));
  await expect(broken.channel.request('interrupt', {}, 1000)).rejects.toThrow('broken pipe');
});
