import { createId, type ToolOutput } from '@baton/protocol';
import { expect, test } from 'vitest';
import { openLive } from '../../test/live-client.ts';
import { startTestServer } from '../../test/test-server.ts';

const MIB = 1024 ** 2;

async function open() {
  const server = await startTestServer();
  const body = { cwd: server.folder, backend: 'scripted', prompt: 'go' };
  const { json } = await server.ask('/api/v1/sessions', { method: 'POST', body });
  const { id: sessionId } = json as { id: string };
  const agent = await server.scripted.nextAgent();
  const { turnId } = await agent.nextPrompt();
  return { server, sessionId, agent, turnId };
}

test('10 MB of a command are shown whole: in the log, on the socket and in the stream of text', async () => {
  const { server, sessionId, agent, turnId } = await open();
  const text = Array.from({ length: 10 * 1024 }, (_, line) => String(line).padStart(1023, '.')).join('\n');
  const itemId = createId('item');
  const call = {
    ...{ type: 'tool-call' as const, tool: 'Bash', title: 'print', kind: 'execute' as const, input: {} },
    startedAt: '2026-11-21T12:00:00.000Z',
  };
  const output: ToolOutput[] = [{ type: 'terminal', text }];
  void agent.report({ type: 'item.started', turnId, itemId, item: { ...call, status: 'running' } });
  const ended = { ...call, status: 'completed' as const, output, endedAt: call.startedAt };
  void agent.report({ type: 'item.ended', itemId, item: ended });
  agent.end(turnId);
  const live = await openLive(server.port);
  live.send({ type: 'subscribe', sessionId, after: 0 });
  const shown = await live.until('event', ({ event }) => event.type === 'item.ended');
  expect(shown.event.type === 'item.ended' && 'output' in shown.event.item && shown.event.item.output).toEqual(output);
  const { json } = await server.ask(`/api/v1/sessions/${sessionId}/events?limit=500`);
  expect(JSON.stringify(json)).toContain(JSON.stringify(text));
});

test('a gigabyte of streamed text neither fills the memory nor stops the server', async () => {
  const { server, sessionId, agent, turnId } = await open();
  const itemId = createId('item');
  void agent.report({ type: 'item.started', turnId, itemId, item: { type: 'agent-message', text: '' } });
  const text = 'word '.repeat(MIB / 5);
  const before = process.memoryUsage().rss;
  for (let megabyte = 0; megabyte < 1024; megabyte += 1) {
    await agent.report({ type: 'item.delta', itemId, field: 'text', text });
  }
  expect((process.memoryUsage().rss - before) / MIB).toBeLessThan(300);
  agent.end(turnId);
  expect((await server.ask(`/api/v1/sessions/${sessionId}`)).json).toMatchObject({ state: 'idle' });
  const { json } = await server.ask(`/api/v1/sessions/${sessionId}/events?limit=500`);
  const { events } = json as { events: { event: { type: string; item?: { text: string } } }[] };
  const item = events.find(({ event }) => event.type === 'item.ended')?.event.item;
  expect(item?.text.length).toBeGreaterThan(8 * MIB);
  expect(item?.text.length).toBeLessThan(9 * MIB);
  expect(item?.text).toMatch(/\[there is more; what is whole comes with the end of this item\]\n$/);
});
