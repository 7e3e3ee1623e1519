import OpenAI from 'openai';
import { afterEach, expect, test } from 'vitest';
import { parseScenario, startRehearsal, type Rehearsal } from '../index.ts';

let rehearsal: Rehearsal;
afterEach(() => rehearsal.close());

const TOOLS: OpenAI.ChatCompletionTool[] = [
  {
    type: 'function',
    function: { name: 'shell', parameters: { type: 'object', properties: { command: { type: 'array' } } } },
  },
];

async function start(steps: string): Promise<OpenAI> {
  const text = `title: Test\nturns:\n  - steps:\n${steps.replace(/^/gm, '      ')}`;
  rehearsal = await startRehearsal({ scenario: parseScenario(text) });
  return new OpenAI({ apiKey: rehearsal.apiKey, baseURL: `${rehearsal.url}/v1`, maxRetries: 0 });
}

const HI: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'Hi' }];

const say = (client: OpenAI, messages: OpenAI.ChatCompletionMessageParam[] = HI) =>
  client.chat.completions.stream({
    model: 'gpt-test',
    messages,
    tools: TOOLS,
    stream_options: { include_usage: true },
  });

test('streams words, reasoning and a call in the shape of the tool that is offered', async () => {
  const client = await start(
    '- think: Hm.\n- say: I look.\n- call: { tool: run, input: { command: ls } }\n- say: "{{result}}"',
  );
  const stream = say(client);
  const reasoning: unknown[] = [];
  stream.on('chunk', (chunk) => {
    const delta = chunk.choices[0]?.delta;
    if (delta !== undefined && 'reasoning_content' in delta) reasoning.push(delta.reasoning_content);
  });
  const completion = await stream.finalChatCompletion();
  const [choice] = completion.choices;
  const [call] = choice?.message.tool_calls ?? [];
  expect(reasoning.join('')).toBe('Hm.');
  expect(choice).toMatchObject({ finish_reason: 'tool_calls', message: { content: 'I look.' } });
  expect(call).toMatchObject({ function: { name: 'shell', arguments: '{"command":["bash","-lc","ls"]}' } });
  expect(completion.usage).toMatchObject({ prompt_tokens: 1150, completion_tokens: 20 });
  const second = await say(client, [
    ...HI,
    { role: 'assistant', content: 'I look.', tool_calls: call === undefined ? [] : [call] },
    { role: 'tool', tool_call_id: call?.id ?? '', content: 'a.txt' },
  ]).finalContent();
  expect(second).toBe('a.txt');
});

test('gives the same whole to a client that does not stream', async () => {
  const client = await start('- say: Whole.\n- call: { tool: run, input: { command: ls } }');
  const completion = await client.chat.completions.create({ model: 'gpt-test', messages: HI, tools: TOOLS });
  expect(completion.choices[0]).toMatchObject({
    finish_reason: 'tool_calls',
    message: { content: 'Whole.', tool_calls: [{ function: { name: 'shell' } }] },
  });
});

test('plays errors before and in the middle of an answer', async () => {
  const client = await start(
    '- errorOnce: { status: 401, message: bad key }\n- say: A beginning\n- error: { message: Too much }',
  );
  await expect(say(client).finalContent()).rejects.toThrow(OpenAI.AuthenticationError);
  await expect(say(client).finalContent()).rejects.toThrow('Too much');
});

test('refuses a call without a result', async () => {
  const client = await start('- say: never');
  const call = { id: 'call_1', type: 'function' as const, function: { name: 'shell', arguments: '{}' } };
  const messages: OpenAI.ChatCompletionMessageParam[] = [...HI, { role: 'assistant', tool_calls: [call] }, ...HI];
  await expect(say(client, messages).finalContent()).rejects.toThrow('call_1');
});

test('lists models', async () => {
  const client = await start('- say: hi');
  const models = await client.models.list();
  expect(models.data.length).toBeGreaterThan(0);
});

test('sees images', async () => {
  const client = await start('- say: "{{images}}"');
  const url = 'data:image/png;base64,aGVsbG8=';
  const text = await say(client, [
    { role: 'user', content: [{ type: 'image_url', image_url: { url } }] },
  ]).finalContent();
  expect(text).toBe('image/png (8 characters)');
});
