import { parseJson, type RecordedEvent, recordedEventSchema, type SessionId, sessionViewSchema } from '@baton/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { STORY, withScenario } from './harness/agents.ts';
import { type BatonProcess, OWNER_KEY, startBaton } from './harness/baton-process.ts';

let baton: BatonProcess;
beforeAll(async () => {
  baton = await startBaton();
});
afterAll(() => baton?.kill('SIGTERM'));

interface Message {
  id?: string;
  event?: string;
  data: string;
}

// A reader that knows no more of server-sent events than their standard.
async function* readStream(id: SessionId, headers: Record<string, string> = {}): AsyncGenerator<Message> {
  const response = await fetch(`${baton.url}/api/v1/sessions/${id}/events`, {
    headers: { 'x-api-key': OWNER_KEY, accept: 'text/event-stream', ...headers },
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  let rest = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = block
        .split('\n')
        .filter((line) => !line.startsWith(':'))
        .map((line) => line.split(/: (.*)/s, 2));
      const message = Object.fromEntries(fields) as Partial<Message>;
      if (message.data !== undefined) yield { ...message, data: message.data };
    }
  }
}

async function readUntilEnd(
  id: SessionId,
  headers?: Record<string, string>,
): Promise<{ events: RecordedEvent[]; deltas: number }> {
  const events: RecordedEvent[] = [];
  let deltas = 0;
  for await (const message of readStream(id, headers)) {
    if (message.event === 'delta') deltas += 1;
    if (message.event !== undefined) continue;
    const parsed = parseJson(message.data);
    const recorded = recordedEventSchema.parse(parsed.ok ? parsed.value : undefined);
    expect(message.id).toBe(String(recorded.seq));
    events.push(recorded);
    if (recorded.event.type === 'turn.ended') break;
  }
  return { events, deltas };
}

test('a turn over server-sent events: every event once and in order, text as it comes, and a resume by Last-Event-ID', () =>
  withScenario(STORY, async (env) => {
    const { body } = await baton.request('POST', '/sessions', {
      backend: 'worker',
      cwd: baton.root,
      env,
      prompt: 'A story',
    });
    const { id } = sessionViewSchema.parse(body);
    const { events, deltas } = await readUntilEnd(id);
    expect(events.map((each) => each.seq)).toEqual(events.map((_, index) => index + 1));
    expect(deltas).toBeGreaterThan(20);
    const again = await readUntilEnd(id, { 'last-event-id': '3' });
    expect(again.events).toEqual(events.slice(3));
  }));
