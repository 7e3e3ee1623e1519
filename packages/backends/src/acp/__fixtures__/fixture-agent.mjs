#!/usr/bin/env node
// An agent for tests, as good or as bad as its first argument says. Speaks ACP by hand, so that it can also break it.
import { createInterface } from 'node:readline';
import { createKept, noteCall } from './kept-conversations.mjs';

const how = process.argv[2] ?? 'good';
const forever = () => setInterval(() => {}, 1 << 30);

if (how === 'exit') {
  console.error('fatal: no key was found');
  process.exit(3);
} else if (how === 'exit-well') {
  process.exit(0);
} else if (how === 'silent') {
  forever();
} else if (how === 'chatty') {
  console.log('Welcome to the chatty program!');
  console.log('usage: chatty [--help]');
  console.error('no terminal');
  forever();
} else if (how === 'flood') {
  flood(process.stdout, `${'all work and no play '.repeat(5)}\n`);
} else if (how === 'flood-one-line') {
  flood(process.stdout, 'all work and no play '.repeat(5000));
} else if (how === 'flood-errors') {
  flood(process.stderr, 'all work and no play '.repeat(5000));
} else if (how === 'language-server') {
  process.stdout.write('Content-Length: 19\r\n\r\n{"jsonrpc":"2.0"}\r\n');
  forever();
} else if (how === 'errors-only') {
  for (let at = 0; at < 5000; at += 1) console.error(`warning ${at}`);
  speak();
} else if (how === 'ignores-end') {
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => {});
  forever();
  speak();
} else speak();

function flood(stream, text) {
  const more = () => {
    while (stream.write(text));
    stream.once('drain', more);
  };
  more();
}

function speak() {
  const waiting = new Map();
  let nextId = 0;
  let begun = 0;
  let isIn = how !== 'locked';
  let cancelled = () => {};
  let mode = 'ask';
  let effort = 'low';
  let isOpening = false;
  const version = how === 'without-version' ? {} : { jsonrpc: '2.0' };
  const send = (message) => process.stdout.write(`${JSON.stringify({ ...version, ...message })}\n`);
  const ask = (method, params) =>
    new Promise((resolve) => {
      const id = `agent-${(nextId += 1)}`;
      waiting.set(id, resolve);
      send({ id, method, params });
    });
  const tell = (sessionId, update) => send({ method: 'session/update', params: { sessionId, update } });
  const kept = createKept(how, { tell, send });
  const tellCommands = (id) =>
    tell(id, { sessionUpdate: 'available_commands_update', availableCommands: [{ name: `of-${id}` }] });
  const say = (sessionId, text) =>
    tell(sessionId, { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
  const config = () => [
    {
      id: 'model',
      name: 'Model',
      category: 'model',
      type: 'select',
      currentValue: 'small',
      options: [
        {
          group: 'g',
          name: 'All',
          options: [
            { value: 'small', name: 'Small' },
            { value: 'large', name: 'Large' },
          ],
        },
      ],
    },
    {
      id: 'effort',
      name: 'Effort',
      category: 'thought_level',
      type: 'select',
      currentValue: effort,
      options: [
        { value: 'low', name: 'Low' },
        { value: 'high', name: 'High' },
      ],
    },
  ];
  const opened = (sessionId) => ({
    ...(sessionId === undefined ? {} : { sessionId }),
    modes: {
      currentModeId: mode,
      availableModes: [
        { id: 'ask', name: 'Ask' },
        { id: 'go', name: 'Go' },
      ],
    },
    configOptions: config(),
  });
  const OPTIONS = [
    { optionId: 'yes-1', name: 'Yes', kind: 'allow_once' },
    { optionId: 'ever-2', name: 'Always', kind: 'allow_always' },
    { optionId: 'no-3', name: 'No', kind: 'reject_once' },
    { optionId: 'odd-4', name: 'Odd', kind: 'something_new' },
  ];
  const permit = (sessionId, id, title) =>
    ask('session/request_permission', {
      sessionId,
      toolCall: { toolCallId: id, title, kind: 'execute', status: 'pending', rawInput: { command: title } },
      options: OPTIONS,
    });
  const settled = (answer) =>
    JSON.stringify(answer.result ?? { error: answer.error.code, message: answer.error.message });

  const turns = {
    async two(sessionId) {
      const answers = await Promise.all([
        permit(sessionId, 'call-1', 'touch one'),
        permit(sessionId, 'call-2', 'touch two'),
      ]);
      for (const [at, answer] of answers.entries()) {
        if (answer.result.outcome.optionId === 'no-3' || answer.result.outcome.outcome === 'cancelled') continue;
        const content = [{ type: 'content', content: { type: 'text', text: `done ${at + 1}` } }];
        tell(sessionId, {
          sessionUpdate: 'tool_call_update',
          toolCallId: `call-${at + 1}`,
          status: 'completed',
          content,
        });
      }
      say(sessionId, answers.map(settled).join(' '));
    },
    async late(sessionId) {
      say(sessionId, 'in the turn');
      setTimeout(() => say(sessionId, 'after the turn'), 20);
    },
    async call(sessionId, text) {
      const [method, params] = JSON.parse(text);
      say(sessionId, settled(await ask(method, { sessionId, ...params })));
    },
    async run(sessionId, text) {
      const { terminalId } = (await ask('terminal/create', { sessionId, command: text, outputByteLimit: 1000 })).result;
      const content = [{ type: 'terminal', terminalId }];
      tell(sessionId, {
        sessionUpdate: 'tool_call',
        toolCallId: 'run',
        title: text,
        kind: 'execute',
        status: 'in_progress',
        content,
        rawInput: { command: text },
      });
      const exit = (await ask('terminal/wait_for_exit', { sessionId, terminalId })).result;
      const { output } = (await ask('terminal/output', { sessionId, terminalId })).result;
      tell(sessionId, { sessionUpdate: 'tool_call_update', toolCallId: 'run', status: 'completed' });
      await ask('terminal/release', { sessionId, terminalId });
      say(sessionId, JSON.stringify({ exit, output }));
    },
    async 'run-late'(sessionId, text) {
      const { terminalId } = (await ask('terminal/create', { sessionId, command: text })).result;
      await ask('terminal/wait_for_exit', { sessionId, terminalId });
      const content = [{ type: 'terminal', terminalId }];
      tell(sessionId, {
        sessionUpdate: 'tool_call',
        toolCallId: 'l',
        title: text,
        kind: 'execute',
        status: 'completed',
        content,
      });
    },
    async ask(sessionId) {
      const requestedSchema = {
        type: 'object',
        properties: {
          colour: {
            type: 'string',
            title: 'Colour',
            oneOf: [
              { const: 'r', title: 'Red' },
              { const: 'b', title: 'Blue' },
            ],
          },
          parts: { type: 'array', title: 'Parts', items: { enum: ['web', 'server'] } },
          count: { type: 'integer', description: 'How many?' },
          sure: { type: 'boolean', title: 'Sure?' },
        },
      };
      const answer = await ask('elicitation/create', {
        sessionId,
        mode: 'form',
        message: 'Some things',
        requestedSchema,
      });
      say(sessionId, settled(answer));
    },
    async open(sessionId) {
      const params = {
        sessionId,
        mode: 'url',
        message: 'Sign in there',
        url: 'https://example.test/x',
        elicitationId: 'e1',
      };
      say(sessionId, settled(await ask('elicitation/create', params)));
    },
    // The whole turn, its end and what comes after it, in one piece of output.
    async burst(sessionId) {
      process.stdout.cork();
      for (let at = 0; at < 500; at += 1) say(sessionId, `${at} `);
      setImmediate(() => {
        say(sessionId, 'after the turn');
        process.stdout.uncork();
      });
    },
    // Far more than a pipe holds; says beside its messages how much of it is not read.
    async pour(sessionId, kind) {
      const text = 'x'.repeat(10_000);
      for (let at = 0; at < 150; at += 1) {
        if (kind === 'updates') say(sessionId, text);
        else send({ method: 'odd/notification', params: { at, text } });
      }
      const tell = setInterval(() => console.error(`unread: ${process.stdout.writableLength}`), 5);
      await new Promise((resolve) => process.stdout.write('', resolve));
      clearInterval(tell);
    },
    async twice(sessionId) {
      const asked = ['call-1', 'call-2'].map((id) => {
        nextId = 0;
        return permit(sessionId, id, id);
      });
      say(sessionId, (await Promise.race(asked.slice(1))).result.outcome.optionId);
    },
    async 'take-back'(sessionId) {
      const answers = [];
      void permit(sessionId, 'call-b', 'touch b');
      const id = `agent-${nextId}`;
      waiting.set(id, (answer) => answers.push(answer.result));
      send({ method: '$/cancel_request', params: { requestId: id } });
      const { terminalId } = (await ask('terminal/create', { sessionId, command: 'sleep', args: ['600'] })).result;
      const exit = ask('terminal/wait_for_exit', { sessionId, terminalId });
      send({ method: '$/cancel_request', params: { requestId: `agent-${nextId}` } });
      answers.push((await exit).error.code);
      await ask('terminal/release', { sessionId, terminalId });
      say(sessionId, JSON.stringify(answers));
    },
    async odd(sessionId) {
      console.log('this is no message');
      send({ method: 'odd/notification', params: { a: 1 } });
      tell(sessionId, { sessionUpdate: 'brand_new_update', something: 1 });
      say(sessionId, settled(await ask('odd/request', {})));
    },
    async rich(sessionId) {
      tell(sessionId, {
        sessionUpdate: 'plan',
        entries: [{ content: 'Look', priority: 'high', status: 'in_progress' }],
      });
      tell(sessionId, { sessionUpdate: 'notice', severity: 'warning', title: 'Careful', description: 'It is late' });
      tell(sessionId, { sessionUpdate: 'compaction_update', compactionId: 'c', status: 'completed' });
      tell(sessionId, { sessionUpdate: 'usage_update', used: 10, size: 100, cost: { amount: 0.5, currency: 'USD' } });
      tell(sessionId, { sessionUpdate: 'current_mode_update', currentModeId: 'go' });
      tell(sessionId, {
        sessionUpdate: 'plan_update',
        plan: { type: 'markdown', planId: 'p', content: '- [x] Look\n- [ ] Do' },
      });
      tell(sessionId, {
        sessionUpdate: 'agent_message_chunk',
        content: { type: 'resource_link', name: 'a.txt', uri: 'file:///a.txt' },
      });
    },
    // Waits until it is cancelled, and then for an answer to what it asked, as some real agents do.
    async wait(sessionId) {
      const permission = permit(sessionId, 'call-w', 'touch w');
      await new Promise((resolve) => {
        cancelled = resolve;
      });
      await permission;
      return 'cancelled';
    },
    hang: () => new Promise(() => {}),
    async die() {
      console.error('out of memory');
      process.exit(7);
    },
    async deep(sessionId) {
      const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
      process.stdout.write(`{"jsonrpc":"2.0","method":"x/deep","params":${deep}}\n`);
      say(sessionId, 'that was deep');
    },
    'answer-words': () => 'end of turn',
    'answer-much': () => ({
      stopReason: 'end_turn',
      usage: { inputTokens: 1e300, outputTokens: -4.5, totalTokens: 9e99 },
    }),
    async fail() {
      const nested = JSON.stringify({ error: { code: 429, message: 'slow down' } });
      throw Object.assign(new Error(nested), { code: 429 });
    },
    async cut(sessionId) {
      say(sessionId, 'as far as');
      return 'max_tokens';
    },
  };

  /** What it says before it has a conversation. */
  async function chatter() {
    const parts = how === 'chatters' ? 40 : how === 'chatters-long' ? 12 : 0;
    for (let at = 0; at < parts; at += 1) {
      const filling = how === 'chatters-long' ? 'x'.repeat(1024 * 1024) : '';
      if (at % 2 === 0) send({ method: 'x/early', params: { at, filling } });
      else tell('early', { sessionUpdate: 'x-early', at });
    }
  }

  const methods = {
    initialize: () => ({
      protocolVersion: how === 'version-2' ? 2 : 1,
      agentInfo: { name: how === 'forgets-cut-calls' ? 'gemini-cli' : 'fixture', version: '1.2.3' },
      agentCapabilities: {
        loadSession: how === 'loads' || how === 'forgets-cut-calls' || (kept.keeps && how !== 'load-missing'),
        promptCapabilities: { image: how === 'images' },
        sessionCapabilities: {
          ...(how === 'good' || how === 'forgets' || kept.keeps ? { resume: {}, fork: {} } : {}),
          ...(kept.keeps ? { list: {} } : {}),
          ...('KEPT_LOG' in process.env && how !== 'cannot-close' ? { close: {} } : {}),
        },
      },
      authMethods: [
        { id: 'key', name: 'A key', _meta: { 'api-key': { provider: 'openai' } } },
        { id: 'web', name: 'In a browser' },
      ],
      _meta: { steering: { supported: true } },
    }),
    authenticate(params) {
      if (params._meta?.['api-key'] !== 'right') throw Object.assign(new Error('wrong key'), { code: -32000 });
      isIn = true;
      return {};
    },
    async 'session/new'() {
      if (how.startsWith('asks-first')) await permit('conversation-1', 'trust', 'trust the folder');
      if (how === 'asks-first-and-hangs') return new Promise(() => {});
      if (!isIn) throw Object.assign(new Error('Authentication required'), { code: -32000 });
      begun += 1;
      const id = `conversation-${begun}`;
      if ('TELLS_COMMANDS' in process.env) setImmediate(() => tellCommands(id));
      return opened(id);
    },
    'session/close'() {
      if (how === 'holds') throw Object.assign(new Error('it stays'), { code: -32603 });
      return {};
    },
    'session/list': (params) => kept.list(params),
    async 'session/load'({ sessionId }) {
      if (kept.keeps) {
        await kept.load({ sessionId });
        return opened();
      }
      isOpening = true;
      console.error('opening');
      await new Promise((resolve) => setTimeout(resolve, 300));
      isOpening = false;
      tell(sessionId, { sessionUpdate: 'user_message_chunk', content: { type: 'text', text: 'what was asked' } });
      say(sessionId, 'what was said');
      tell(sessionId, { sessionUpdate: 'tool_call', toolCallId: 'old', title: 'old', status: 'completed' });
      return opened();
    },
    'session/resume'() {
      if (how === 'forgets') throw Object.assign(new Error('Resource not found'), { code: -32002 });
      return opened();
    },
    'session/fork': () => opened('conversation-2'),
    'session/set_mode'({ modeId }) {
      if (how === 'dies-choosing') process.exit(9);
      mode = modeId;
      return {};
    },
    'session/set_config_option'({ configId, value }) {
      if (!['low', 'high'].includes(value)) throw Object.assign(new Error('no such value'), { code: -32602 });
      if (configId === 'effort') effort = value;
      return { configOptions: config() };
    },
    '_session/steering'({ sessionId, prompt }) {
      say(sessionId, `steered: ${prompt[0].text}`);
      cancelled();
      return { outcome: 'injected' };
    },
    async 'session/prompt'({ sessionId, prompt }) {
      if (isOpening) throw new Error('The conversation is being opened');
      const text = prompt.map((block) => block.text ?? `[${block.type} ${block.uri ?? block.mimeType}]`).join(' ');
      const [name, ...rest] = text.split(' ');
      const turn = turns[name] ?? (async () => say(sessionId, `heard: ${text}`));
      const stopReason = (await turn(sessionId, rest.join(' '))) ?? 'end_turn';
      if (name.startsWith('answer-')) return stopReason;
      return { stopReason, usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 } };
    },
  };

  const refusals = {
    refuse: { code: -32603, message: 'Not today', data: { details: 'no licence' } },
    'refuse-in-words': 'no licence',
    'refuse-without-code': { message: 'no licence' },
    'refuse-nothing': { code: -32700, message: 'Parse error' },
  };
  const toId = (id) => (how === 'string-ids' ? String(id) : how === 'refuse-nothing' ? null : id);

  const input = createInterface({ input: process.stdin });
  input.on('line', async (line) => {
    const message = JSON.parse(line);
    if (message.method === undefined) return waiting.get(message.id)?.(message);
    if (message.method === 'session/cancel') return how === 'deaf' ? undefined : cancelled();
    if (message.id === undefined) return;
    noteCall(message.method);
    if (how in refusals) return send({ id: toId(message.id), error: refusals[how] });
    try {
      const method = methods[message.method];
      if (method === undefined) throw Object.assign(new Error(`no ${message.method}`), { code: -32601 });
      send({ id: toId(message.id), result: await method(message.params) });
      if (message.method === 'initialize') await chatter();
    } catch (error) {
      send({ id: message.id, error: { code: error.code ?? -32603, message: error.message } });
    }
  });
  if (how !== 'ignores-end') input.on('close', () => process.exit(0));
}
