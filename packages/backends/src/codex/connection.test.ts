import { expect, test } from 'vitest';
import { AppError, parseJson } from '@baton/protocol';
import { z } from 'zod';
import { createManualClock } from '@baton/testkit';
import { createConnection } from './connection.ts';

const sentSchema = z.object({ id: z.number(), method: z.string() });

function connect() {
  const clock = createManualClock();
  const sent: z.infer<typeof sentSchema>[] = [];
  const connection = createConnection({
    clock,
    async write(line) {
      const parsed = parseJson(line);
      sent.push(sentSchema.parse(parsed.ok ? parsed.value : undefined));
    },
  });
  const settle = (id: number, error?: { code: number; message: string }) =>
    connection.settle({ id, result: { id }, error });
  return { clock, sent, connection, settle };
}

test('gives each request its answer, in whatever order they come', async () => {
  const { connection, settle } = connect();
  const answers = [connection.request('a', {}, 1000), connection.request('b', {}, 1000)];
  settle(2);
  settle(1);
  expect(await Promise.all(answers)).toEqual([{ id: 1 }, { id: 2 }]);
});

test('keeps at most 32 requests open, and sends the others as answers come', async () => {
  const { connection, sent, settle } = connect();
  const answers = Array.from({ length: 40 }, (_, at) => connection.request(`m${at}`, {}, 1000));
  expect(sent.length).toBe(32);
  for (let id = 1; id <= 40; id += 1) settle(id);
  expect((await Promise.all(answers)).length).toBe(40);
});

test('asks again when Codex is overloaded, and says what it refuses', async () => {
  const { clock, connection, sent, settle } = connect();
  const answer = connection.request('a', {}, 10_000);
  settle(1, { code: -32_001, message: 'Server overloaded; retry later.' });
  clock.advance(1000);
  expect(sent.map(({ method }) => method)).toEqual(['a', 'a']);
  settle(2, { code: -32_600, message: 'no such thread' });
  await expect(answer).rejects.toThrow('Codex refused a: no such thread');
});

test('waits no longer than it was told, and for nobody who is gone', async () => {
  const { clock, connection } = connect();
  const late = connection.request('a', {}, 1000);
  clock.advance(1000);
  await expect(late).rejects.toMatchObject({ kind: 'agent-unresponsive' });
  const lost = connection.request('b', {}, 1000);
  connection.close(new AppError('agent-exited', 'gone'));
  await expect(lost).rejects.toThrow('gone');
  await expect(connection.request('c', {}, 1000)).rejects.toThrow('gone');
});
