#!/usr/bin/env node
// An agent built with the official library, which checks every request of the client against the protocol's schema.
import { Readable, Writable } from 'node:stream';
import * as acp from '@agentclientprotocol/sdk';

const { agent: mine, client: theirs } = acp.methods;
const stream = acp.ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin));
let cancel = () => {};

const app = acp
  .agent({ name: 'sdk-agent' })
  .onRequest(mine.initialize, ({ params }) => ({
    protocolVersion: acp.PROTOCOL_VERSION,
    agentInfo: { name: 'sdk-agent', version: '2.4.0' },
    agentCapabilities: { promptCapabilities: { image: true }, sessionCapabilities: { resume: {} } },
    _meta: { capabilities: params.clientCapabilities },
  }))
  .onRequest(mine.session.new, ({ params }) => ({ sessionId: `new in ${params.cwd}`, configOptions: config('low') }))
  .onRequest(mine.session.resume, () => ({ configOptions: config('low') }))
  .onRequest(mine.session.setConfigOption, ({ params }) => ({ configOptions: config(params.value) }))
  .onNotification(mine.session.cancel, () => cancel())
  .onRequest(mine.session.prompt, async ({ params, client }) => {
    const { sessionId, prompt } = params;
    const say = (text) =>
      client.notify(theirs.session.update, {
        sessionId,
        update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } },
      });
    if (prompt[0].text === 'wait') {
      await new Promise((resolve) => {
        cancel = resolve;
      });
      return { stopReason: 'cancelled' };
    }
    const permission = await client.request(theirs.session.requestPermission, {
      sessionId,
      toolCall: {
        toolCallId: 'c1',
        title: 'Write it',
        kind: 'edit',
        status: 'pending',
        locations: [{ path: prompt[0].text }],
      },
      options: [
        { optionId: 'ok', name: 'OK', kind: 'allow_once' },
        { optionId: 'no', name: 'No', kind: 'reject_once' },
      ],
    });
    const path = prompt[0].text;
    const written = await client.request(theirs.fs.writeTextFile, { sessionId, path, content: 'by the library' });
    const read = await client.request(theirs.fs.readTextFile, { sessionId, path });
    const { terminalId } = await client.request(theirs.terminal.create, { sessionId, command: 'echo', args: ['ran'] });
    const exit = await client.request(theirs.terminal.waitForExit, { sessionId, terminalId });
    const output = await client.request(theirs.terminal.output, { sessionId, terminalId });
    await client.request(theirs.terminal.release, { sessionId, terminalId });
    const form = await client.request(theirs.elicitation.create, {
      mode: 'form',
      sessionId,
      message: 'Name?',
      requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
    });
    await say(
      JSON.stringify({ permission, written, read, exit, output, form, blocks: prompt.map(({ type }) => type) }),
    );
    return { stopReason: 'end_turn' };
  });

function config(currentValue) {
  const options = ['low', 'high'].map((value) => ({ value, name: value }));
  return [{ id: 'effort', name: 'Effort', category: 'thought_level', type: 'select', currentValue, options }];
}

const connection = app.connect(stream);
await connection.closed;
