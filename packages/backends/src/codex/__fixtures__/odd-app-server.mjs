#!/usr/bin/env node
// An app-server for tests, as bad as `ODD` says. Speaks just enough of Codex's protocol to be started and prompted.
import { createServer } from 'node:http';
import { createServer as createSocket } from 'node:net';
import { WebSocketServer } from 'ws';

const how = process.env.ODD;
const listen = process.argv[process.argv.indexOf('--listen') + 1] ?? '';
const path = listen.replace('unix://', '');

if (process.argv.includes('sandbox')) process.exit(0);
if (how === 'deaf') setInterval(() => {}, 1 << 30);
else if (how === 'half-open') createSocket(() => {}).listen(path);
else if (how === 'hangs-up') {
  // Takes a few connections and drops them, and only then is what it should be.
  let dropped = 0;
  const server = createSocket((socket) => {
    socket.destroy();
    dropped += 1;
    if (dropped === 3) server.close(serve);
  }).listen(path);
} else serve();

function serve() {
  const server = createServer().listen(path);
  new WebSocketServer({ server }).on('connection', (socket, { socket: connection }) => {
    const send = (message) => socket.send(JSON.stringify(message));
    const tell = (method, params) => send({ method, params: { threadId: 'thread', turnId: 'turn', ...params } });
    const answers = {
      initialize: () => ({ userAgent: 'baton/0.0.1 (test)' }),
      'config/read': () => ({ config: {} }),
      'thread/start': () => ({ thread: { id: 'thread' }, model: 'm', approvalPolicy: 'untrusted', sandbox: null }),
      'turn/start': () => {
        setImmediate(act);
        return { turn: { id: 'turn' } };
      },
    };
    let interrupts = 0;
    socket.on('message', (data) => {
      const { id, method } = JSON.parse(data.toString());
      if (how === 'begins-late' && method === 'turn/interrupt') {
        interrupts += 1;
        // It has taken the turn, and not begun it.
        if (interrupts < 3) return send({ id, error: { code: -32600, message: 'no active turn to interrupt' } });
        tell('turn/completed', { turn: { id: 'turn', status: 'interrupted' } });
      }
      if (id !== undefined) send({ id, result: answers[method]?.() ?? {} });
    });

    function act() {
      if (how === 'begins-late') return;
      tell('turn/started', { turn: { id: 'turn' } });
      if (how === 'leaves') return socket.close();
      if (how === 'drops') return socket.terminate();
      // The beginning of a message of 512 MB.
      if (how === 'too-long') return connection.write(Buffer.from([0x81, 127, 0, 0, 0, 0, 0x20, 0, 0, 0]));
      const item = { type: 'agentMessage', id: 'item' };
      tell('item/started', { item: { ...item, text: '' } });
      const words = Array.from({ length: 300 }, (_, at) => `${at} `);
      for (const delta of words) tell('item/agentMessage/delta', { itemId: 'item', delta });
      tell('item/completed', { item: { ...item, text: words.join('') } });
      // The last is taken by the system before it dies.
      socket.send('{}', () => process.exit(7));
    }
  });
}
