import Anthropic from '@anthropic-ai/sdk';
import { afterEach, describe, expect, test } from 'vitest';
import { parseScenario, startRehearsal, type Rehearsal } from '../index.ts';

let rehearsal: Rehearsal;
afterEach(() => rehearsal.close());

const TOOLS: Anthropic.Tool[] = [
  {
    name: 'Bash',
    input_schema: { type: 'object', properties: { command: { type: 'string' }, description: { type: 'string' } } },
  },
];

async function start(steps: string): Promise<Anthropic> {
  const text = `title: Test\nturns:\n  - steps:\n${steps.replace(/^/gm, '      ')}`;
  rehearsal = await startRehearsal({ scenario: parseScenario(text) });
  return new Anthropic({ apiKey: rehearsal.apiKey, baseURL: rehearsal.url, maxRetries: 0, logLevel: 'off' });
}

function say(client: Anthropic, content: string | Anthropic.MessageParam[] = 'Hi', signal?: AbortSignal) {
  const messages: Anthropic.MessageParam[] = typeof content === 'string' ? [{ role: 'user', content }] : content;
  const body = { model: 'claude-test', max_tokens: 1000, tools: TOOLS, messages };
  return client.messages.stream(body, signal === undefined ? {} : { signal });
}

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no error',
    (cause: unknown) => cause,
  );

test('streams thinking, text and a call as one message with usage', async () => {
  const client = await start(
    '- think: Let me see.\n- say: I will look.\n- usage: { input: 7, output: 9, cacheRead: 3 }\n- call: { tool: run, input: { command: ls } }\n- say: Done.',
  );
  const stream = say(client);
  const deltas: string[] = [];
  stream.on('text', (text) => deltas.push(text));
  const message = await stream.finalMessage();
  expect(deltas).toEqual(['I ', 'will ', 'look.']);
  expect(message.stop_reason).toBe('tool_use');
  expect(message.content).toMatchObject([
    { type: 'thinking', thinking: 'Let me see.', signature: expect.any(String) },
    { type: 'text', text: 'I will look.' },
    { type: 'tool_use', name: 'Bash', input: { command: 'ls' } },
  ]);
  expect(message.usage).toMatchObject({ input_tokens: 7, output_tokens: 9, cache_read_input_tokens: 3 });
});

test('gives the same message whole to a client that does not stream', async () => {
  const client = await start('- think: Let me see.\n- say: { text: "na ", repeat: 3 }\n- stop: max_tokens');
  const message = await client.messages.create({
    model: 'claude-test',
    max_tokens: 100,
    tools: TOOLS,
    messages: [{ role: 'user', content: 'Hi' }],
  });
  expect(message.content).toMatchObject([{ type: 'thinking' }, { type: 'text', text: 'na na na ' }]);
  expect(message.stop_reason).toBe('max_tokens');
});

async function resultOf(client: Anthropic, outcome: { content: string; is_error?: boolean }) {
  const first = await say(client).finalMessage();
  const results = first.content.flatMap((block) =>
    block.type === 'tool_use' ? [{ type: 'tool_result' as const, tool_use_id: block.id, ...outcome }] : [],
  );
  const second = await say(client, [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: first.content },
    { role: 'user', content: results },
  ]).finalMessage();
  return { first, text: second.content.map((block) => (block.type === 'text' ? block.text : block.type)).join('') };
}

test('goes on after the result of a call, and can repeat it', async () => {
  const client = await start('- call: { tool: run, input: { command: ls } }\n- say: "It said {{result}}."');
  expect((await resultOf(client, { content: 'a.txt' })).text).toBe('It said a.txt.');
});

test('takes the other branch when a result is not what was expected', async () => {
  const client = await start(
    '- call: { tool: run, input: { command: ls } }\n- expect: { error: false, otherwise: ["Denied: {{result}}"] }\n- say: Fine.',
  );
  expect((await resultOf(client, { content: 'no', is_error: true })).text).toBe('Denied: no');
  expect((await resultOf(client, { content: 'yes' })).text).toBe('Fine.');
});

test('makes several calls in one reply', async () => {
  const client = await start(
    '- call:\n    - { tool: run, input: { command: a } }\n    - { tool: run, input: { command: b } }\n- say: Both.',
  );
  const { first, text } = await resultOf(client, { content: 'ok' });
  expect(first.content).toMatchObject([{ input: { command: 'a' } }, { input: { command: 'b' } }]);
  expect(text).toBe('Both.');
});

test('refuses a history in which a call has no result, as the real API does', async () => {
  const client = await start('- say: never');
  const error = await errorOf(
    say(client, [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'Bash', input: {} }] },
      { role: 'user', content: 'And?' },
    ]).finalMessage(),
  );
  expect(String(error)).toMatch(/400.*toolu_1/s);
});

describe('faults', () => {
  test('an error before the headers, with the time to wait', async () => {
    const client = await start('- error: { status: 429, message: Slow down, retryAfter: 3 }');
    const error = await errorOf(say(client).finalMessage());
    expect(error).toBeInstanceOf(Anthropic.RateLimitError);
    expect(error).toMatchObject({ error: { error: { type: 'rate_limit_error', message: 'Slow down' } } });
    expect(error instanceof Anthropic.APIError && error.headers?.get('retry-after')).toBe('3');
  });

  test('an error once, then the answer, for each conversation by itself', async () => {
    const client = await start('- errorOnce: { status: 500 }\n- say: Second try.');
    for (const prompt of ['One', 'Two']) {
      expect(await errorOf(say(client, prompt).finalMessage())).toBeInstanceOf(Anthropic.InternalServerError);
      expect(await say(client, prompt).finalText()).toBe('Second try.');
    }
  });

  test('an error in the middle of the stream', async () => {
    const client = await start('- say: A beginning\n- error: { status: 529, message: Too much }');
    expect(String(await errorOf(say(client).finalMessage()))).toContain('Too much');
  });

  test('a line that is cut', async () => {
    const client = await start('- say: A beginning\n- drop: here');
    expect(await errorOf(say(client).finalMessage())).toBeInstanceOf(Error);
  });

  test('events that are broken or unknown', async () => {
    const client = await start('- say: "Before "\n- malformed: unknown-event\n- say: after.\n- malformed: json');
    const stream = say(client);
    const deltas: string[] = [];
    stream.on('text', (text) => deltas.push(text));
    expect(await errorOf(stream.finalMessage())).toBeInstanceOf(Error);
    expect(deltas.join('')).toBe('Before after.');
  });

  test.each(['before-headers', 'after-headers', 'here'])('silence %s until the client gives up', async (place) => {
    const client = await start(`- hang: ${place}`);
    const gone = new AbortController();
    const heard = Promise.withResolvers<void>();
    const work = errorOf(say(client, 'Hi', gone.signal).finalMessage());
    const look = setInterval(() => rehearsal.requests().length > 0 && heard.resolve(), 5);
    await heard.promise;
    clearInterval(look);
    gone.abort();
    expect(await work).toBeInstanceOf(Anthropic.APIUserAbortError);
  });
});

test('counts tokens, lists models and names what it does not know', async () => {
  const client = await start('- say: hi');
  const counted = await client.messages.countTokens({ model: 'm', messages: [{ role: 'user', content: 'Hello' }] });
  expect(counted.input_tokens).toBeGreaterThan(0);
  const models = await client.models.list();
  expect(models.data.length).toBeGreaterThan(0);
  expect(await client.models.retrieve('claude-x')).toMatchObject({ id: 'claude-x' });
  expect((await fetch(`${rehearsal.url}/v1/unknown`)).status).toBe(404);
});

test('sees the images of a prompt and keeps no credentials', async () => {
  const client = await start('- say: "{{imageCount}}: {{images}}"');
  const source = { type: 'base64' as const, media_type: 'image/png' as const, data: 'aGVsbG8=' };
  const text = await say(client, [
    {
      role: 'user',
      content: [
        { type: 'image', source },
        { type: 'text', text: 'Look' },
      ],
    },
  ]).finalText();
  expect(text).toBe('1: image/png (8 characters)');
  expect(rehearsal.requests()[0]).toMatchObject({ images: 1, hasCredentials: true });
  expect(JSON.stringify(rehearsal.requests())).not.toContain(rehearsal.apiKey);
});

test('answers a request for a title beside the conversation', async () => {
  const client = await start('- say: The real answer.');
  const message = await client.messages.create({
    model: 'small',
    max_tokens: 50,
    system: 'Write a short title for this conversation. Answer as JSON.',
    messages: [{ role: 'user', content: 'Hi' }],
  });
  expect(message.content).toMatchObject([{ type: 'text', text: '{"title":"Test"}' }]);
  expect(rehearsal.requests()[0]).toMatchObject({ kind: 'side' });
});
