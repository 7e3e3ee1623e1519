import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { homedir } from 'node:os';
import type { Duplex } from 'node:stream';
import type { Clock } from '@baton/core';
import { API_PREFIX, AppError, TERMINAL_PATH, terminalQuerySchema, toAppError, toInvalidInput } from '@baton/protocol';
import { WebSocketServer, type WebSocket } from 'ws';
import type { AgentRegistry } from '../agents/agent-registry.ts';
import { requireAgent } from '../agents/installations.ts';
import type { Authority, Identity } from '../auth/authority.ts';
import { requireOwner } from '../auth/require-owner.ts';
import type { Gate } from '../http/gate.ts';
import { toErrorDocument, writeDocument } from '../http/problem.ts';
import type { Log } from '../log/log.ts';
import { toLoginCommand } from './login-command.ts';
import { startPty } from './pty.ts';
import { TerminalSession } from './terminal-session.ts';

const PATH = `${API_PREFIX}${TERMINAL_PATH}`;
const MOST_TERMINALS = 4;
const MAX_FRAME_BYTES = 128 * 1024;

export interface TerminalsParts {
  registry: AgentRegistry;
  gate: Gate;
  authority: Authority;
  clock: Clock;
  log: Log;
  serverMarker: string;
  isStopping(): boolean;
  /** Has everybody look at the agent anew, after a sign-in. */
  look(id: string): Promise<unknown>;
}

/** The terminals in which agents' own sign-ins run. Nothing else can be run in them. */
export interface Terminals {
  /** Whether an upgrade is for a terminal. */
  takes(request: IncomingMessage): boolean;
  /** The same doors as for live sockets: host, origin, identity, and the owner alone. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Ends all of them. */
  close(): Promise<void>;
}

export function createTerminals(parts: TerminalsParts): Terminals {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false });
  const open = new Map<string, TerminalSession | 'starting'>();

  async function run(socket: WebSocket, { wanted, identity }: Admitted): Promise<void> {
    const { backend: id, cols, rows } = wanted;
    try {
      const agent = requireAgent(parts.registry, id);
      const { env, ...command } = toLoginCommand(agent, await agent.backend.probe());
      const run = randomUUID();
      // Known by its marker, should this server die before it ends.
      const marked = { ...env, BATON_SERVER: parts.serverMarker, BATON_SESSION: `sign-in-${id}`, BATON_RUN: run };
      const pty = await startPty({ ...command, cwd: env['HOME'] ?? homedir(), env: marked, cols, rows });
      const session = new TerminalSession({
        ...{ socket, pty, clock: parts.clock, marker: { server: parts.serverMarker, run } },
        onOver() {
          giveBack();
          if (open.get(id) === session) open.delete(id);
          void parts.look(id);
        },
      });
      const giveBack = parts.authority.leases.hold(identity.sessionHash, () => void session.end());
      open.set(id, session);
      socket.resume();
      // It may have gone while the program was looked for.
      if (socket.readyState !== socket.OPEN || parts.isStopping()) void session.end();
      parts.log.info({ backend: id }, 'A sign-in began');
    } catch (cause) {
      open.delete(id);
      socket.resume();
      socket.send(JSON.stringify({ type: 'error', message: toAppError(cause).message }));
      socket.close(1000);
    }
  }

  return {
    takes: (request) => request.url?.split('?')[0] === PATH,
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy());
      try {
        const admitted = admit(parts, open, request);
        open.set(admitted.wanted.backend, 'starting');
        // A peer that breaks the handshake frees its place.
        const free = () => open.get(admitted.wanted.backend) === 'starting' && open.delete(admitted.wanted.backend);
        socket.once('close', free);
        server.handleUpgrade(request, socket, head, (accepted) => {
          accepted.on('error', () => undefined);
          // What is typed before the program runs waits for it.
          accepted.pause();
          void run(accepted, admitted);
        });
      } catch (cause) {
        const error = toAppError(cause);
        parts.log.info({ kind: error.kind }, 'Refused a terminal');
        writeDocument(socket, toErrorDocument(error));
      }
    },
    async close() {
      const sessions = [...open.values()].filter((each) => each !== 'starting');
      await Promise.all(sessions.map((each) => each.end({ type: 'error', message: 'The server is stopping' })));
    },
  };
}

interface Admitted {
  wanted: { backend: string; cols: number; rows: number };
  identity: Identity;
}

function admit(parts: TerminalsParts, open: ReadonlyMap<string, unknown>, request: IncomingMessage): Admitted {
  parts.gate.check(request);
  if (parts.isStopping()) throw new AppError('shutting-down', 'The server is shutting down');
  const identity = parts.authority.identify(request);
  requireOwner(identity);
  const query = Object.fromEntries(new URLSearchParams(request.url?.split('?')[1] ?? ''));
  const wanted = terminalQuerySchema.safeParse(query);
  if (!wanted.success) throw toInvalidInput('the query', wanted.error);
  const { backend } = wanted.data;
  requireAgent(parts.registry, backend);
  if (open.has(backend)) throw new AppError('conflict', 'A sign-in of this agent is open already: end that one first');
  if (open.size >= MOST_TERMINALS) throw new AppError('rate-limited', `${open.size} sign-ins are open: end one first`);
  return { wanted: wanted.data, identity };
}
