import OpenAI from 'openai';
import { afterEach, expect, test } from 'vitest';
import { parseScenario, startRehearsal, type Rehearsal } from '../index.ts';

let rehearsal: Rehearsal;
afterEach(() => rehearsal.close());

const RUN: OpenAI.Responses.Tool = {
  type: 'function',
  name: 'exec_command',
  strict: false,
  parameters: { type: 'object', properties: { cmd: { type: 'string' } } },
};
const PATCH: OpenAI.Responses.Tool = { type: 'custom', name: 'apply_patch', format: { type: 'text' } };

async function start(steps: string): Promise<OpenAI> {
  const text = `title: Test\nturns:\n  - steps:\n${steps.replace(/^/gm, '      ')}`;
  rehearsal = await startRehearsal({ scenario: parseScenario(text) });
  return new OpenAI({ apiKey: rehearsal.apiKey, baseURL: `${rehearsal.url}/v1`, maxRetries: 0 });
}

const say = (client: OpenAI, input: string | OpenAI.Responses.ResponseInputItem[] = 'Hi') =>
  client.responses.stream({ model: 'gpt-test', input, tools: [RUN, PATCH] });

test('streams words, reasoning and a call in the shape of the tool that is offered', async () => {
  const client = await start(
    '- think: Hm.\n- say: I look.\n- call: { tool: run, input: { command: ls } }\n- say: "{{result}}"',
  );
  const stream = say(client);
  const deltas: string[] = [];
  stream.on('response.output_text.delta', (event) => deltas.push(event.delta));
  const response = await stream.finalResponse();
  expect(deltas.join('|')).toBe('I |look.');
  const [reasoning, message, call] = response.output;
  expect(reasoning).toMatchObject({ type: 'reasoning', summary: [{ text: 'Hm.' }] });
  expect(message).toMatchObject({ type: 'message', content: [{ text: 'I look.' }] });
  expect(call).toMatchObject({
    type: 'function_call',
    name: 'exec_command',
    arguments: expect.stringContaining('"ls"'),
  });
  expect(response.usage).toMatchObject({ input_tokens: 1150, output_tokens: 20 });
  const callId = call?.type === 'function_call' ? call.call_id : '';
  const second = await say(client, [
    { role: 'user', content: 'Hi' },
    { type: 'function_call', call_id: callId, name: 'exec_command', arguments: '{}' },
    { type: 'function_call_output', call_id: callId, output: 'Process exited with code 0\nOutput:\na.txt' },
  ]).finalResponse();
  expect(second.output_text).toBe('a.txt');
});

test('writes and edits with patches, the one tool there is for files', async () => {
  const client = await start(
    '- call:\n    - { tool: write, input: { path: a.txt, content: "one\\n\\ntwo\\n" } }\n    - { tool: edit, input: { path: b.txt, old: x, new: "y\\nz" } }',
  );
  const { output } = await say(client).finalResponse();
  expect(output.map((item) => (item.type === 'custom_tool_call' ? item.input : ''))).toEqual([
    '*** Begin Patch\n*** Add File: a.txt\n+one\n+\n+two\n*** End Patch\n',
    '*** Begin Patch\n*** Update File: b.txt\n@@\n-x\n+y\n+z\n*** End Patch\n',
  ]);
});

test('counts calls of one reply as one round, wherever their results stand', async () => {
  const client = await start(
    '- call:\n    - { tool: run, input: { command: a } }\n    - { tool: run, input: { command: b } }\n- say: "{{result}}"\n',
  );
  const { output } = await say(client).finalResponse();
  const history = output.flatMap((item): OpenAI.Responses.ResponseInputItem[] =>
    item.type === 'function_call'
      ? [item, { type: 'function_call_output', call_id: item.call_id, output: item.arguments }]
      : [],
  );
  const { output_text: text } = await say(client, [{ role: 'user', content: 'Hi' }, ...history]).finalResponse();
  expect(text).toMatch(/"a".*\n.*"b"/);
});

test('calls tools that are only there inside code by code', async () => {
  const client = await start('- call: { tool: run, input: { command: ls } }\n- say: "{{result}}"');
  const description = 'declare const tools: { exec_command(args: {';
  const exec: OpenAI.Responses.Tool = { type: 'custom', name: 'exec', description };
  const input: OpenAI.Responses.ResponseInputItem[] = [{ role: 'user', content: 'Hi' }];
  const first = await client.responses.create({ model: 'gpt-test', input, tools: [exec] });
  const [call] = first.output;
  expect(call).toMatchObject({
    type: 'custom_tool_call',
    name: 'exec',
    input: expect.stringContaining('await tools.exec_command({"yield_time_ms":30000,"cmd":"ls"'),
  });
  if (call?.type !== 'custom_tool_call') return;
  const output = { type: 'custom_tool_call_output' as const, call_id: call.call_id, output: 'Output:\na.txt' };
  const second = await client.responses.create({ model: 'gpt-test', input: [...input, call, output], tools: [exec] });
  expect(second.output_text).toBe('a.txt');
});

test('gives the same whole to a client that does not stream', async () => {
  const client = await start('- say: Whole.\n- call: { tool: run, input: { command: ls } }');
  const response = await client.responses.create({ model: 'gpt-test', input: 'Hi', tools: [RUN] });
  expect(response.output_text).toBe('Whole.');
  expect(response.output[1]).toMatchObject({ type: 'function_call', name: 'exec_command' });
});

test('plays errors before and in the middle of an answer, and answers that are cut short', async () => {
  const client = await start(
    '- errorOnce: { status: 401, message: bad key }\n- say: A beginning\n- error: { message: Too much }',
  );
  await expect(say(client).finalResponse()).rejects.toThrow(OpenAI.AuthenticationError);
  expect(await say(client).finalResponse()).toMatchObject({ status: 'failed', error: { message: 'Too much' } });
  await rehearsal.close();
  const other = await start('- say: A beginning\n- stop: max_tokens');
  expect(await say(other).finalResponse()).toMatchObject({ incomplete_details: { reason: 'max_output_tokens' } });
});

test('refuses a call without a result and a result without a call', async () => {
  const client = await start('- say: never');
  const call = { type: 'function_call' as const, call_id: 'call_1', name: 'shell', arguments: '{}' };
  const result = { type: 'function_call_output' as const, call_id: 'call_2', output: '' };
  await expect(say(client, [call]).finalResponse()).rejects.toThrow('call_1');
  await expect(say(client, [result]).finalResponse()).rejects.toThrow('call_2');
});

test('sees images, and takes what an agent says in the name of its user for no prompt', async () => {
  const client = await start('- say: "{{prompt}} {{cwd}} {{images}}"');
  const context = '<environment_context>\n  <cwd>/work/here</cwd>\n</environment_context>';
  const image_url = 'data:image/png;base64,aGVsbG8=';
  const { output_text: text } = await say(client, [
    { role: 'user', content: context },
    {
      role: 'user',
      content: [
        { type: 'input_text', text: 'Look' },
        { type: 'input_image', image_url, detail: 'auto' },
      ],
    },
  ]).finalResponse();
  expect(text).toBe('Look /work/here image/png (8 characters)');
});

test('sums up when it is asked to compact a conversation', async () => {
  const client = await start('- say: never');
  const { output_text: text } = await say(client, [
    { role: 'user', content: 'Build it' },
    { role: 'user', content: 'You are performing a CONTEXT CHECKPOINT COMPACTION.' },
  ]).finalResponse();
  expect(text).toContain('Summary of the conversation so far: Build it');
});

test('gives the title that an agent asks for in the name of its user, and it is no prompt of the conversation', async () => {
  const client = await start('- say: never');
  const asked = "Your task is to generate a very short title for a conversation based on the user's first message.";
  const { output_text: text } = await say(client, [{ role: 'user', content: asked }]).finalResponse();
  expect(text).toBe('{"title":"Test"}');
  expect(rehearsal.requests().map(({ kind }) => kind)).toEqual(['side']);
});

test('goes on with another scenario, and forgets what it was asked before', async () => {
  const client = await start('- say: The first.');
  expect((await say(client).finalResponse()).output_text).toBe('The first.');
  await rehearsal.change(parseScenario('title: Another\nturns:\n  - steps: [{ say: "The second." }]'));
  expect(rehearsal.requests()).toEqual([]);
  expect((await say(client).finalResponse()).output_text).toBe('The second.');
  expect(rehearsal.requests()).toHaveLength(1);
});
