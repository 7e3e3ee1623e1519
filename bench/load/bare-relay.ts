// The least that a relay can be, to compare with: it starts so many load agents and sends each line that they write to
// every socket that is open, as it is. It keeps nothing, orders nothing and knows nobody.
//
// `node bare-relay.ts AGENTS` prints its port once they are up. A socket says what all agents are to be told next.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type WebSocket, WebSocketServer } from 'ws';

const PROGRAM = join(import.meta.dirname, 'load-agent.ts');
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
const sockets = new Set<WebSocket>();
const agents = Array.from({ length: Number(process.argv[2]) }, () =>
  spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] }),
);

function tellAll(method: string, params: Record<string, unknown>): void {
  const line = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })}\n`;
  for (const agent of agents) agent.stdin.write(line);
}

for (const agent of agents) {
  createInterface({ input: agent.stdout }).on('line', (line) => {
    for (const socket of sockets) socket.send(line);
  });
}
server.on('connection', (socket) => {
  sockets.add(socket);
  socket.on('message', (data: Buffer) => {
    tellAll('session/prompt', { prompt: [{ type: 'text', text: data.toString('utf8') }] });
  });
  socket.once('close', () => sockets.delete(socket));
});
tellAll('initialize', {});
await Promise.all([once(server, 'listening'), ...agents.map((agent) => once(agent.stdout, 'data'))]);
const address = server.address();
console.log(typeof address === 'object' && address !== null ? address.port : 0);
process.stdin.resume().once('end', () => {
  for (const agent of agents) agent.kill('SIGKILL');
  process.exit(0);
});
