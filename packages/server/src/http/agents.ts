import {
  AppError,
  type AgentInstall,
  type ConfiguredAgent,
  type ConfiguredAgentView,
  type ROUTES,
} from '@baton/protocol';
import type { AgentRegistry } from '../agents/agent-registry.ts';
import { type Installations, requireAgent } from '../agents/installations.ts';
import { rehearseAgent } from '../agents/rehearse-agent.ts';
import type { Leases } from '../auth/leases.ts';
import { requireOwner } from '../auth/require-owner.ts';
import type { Call, Handlers } from './register.ts';

export interface AgentParts {
  registry: AgentRegistry;
  installations: Installations;
  /** Streams that are open, so that the server can end them. */
  streams: Set<{ end(): void }>;
  maxStreams: number;
  leases: Leases;
}

type AgentRoute =
  | 'listAgents'
  | 'createAgent'
  | 'updateAgent'
  | 'deleteAgent'
  | 'installBackend'
  | 'getInstall'
  | 'listInstalls'
  | 'cancelInstall'
  | 'testBackend'
  | 'getFolderDefaults'
  | 'putFolderDefaults';

export function createAgentHandlers(parts: AgentParts): Pick<Handlers, AgentRoute> {
  return { ...createSettingsHandlers(parts.registry), ...createProgramHandlers(parts) };
}

type SettingsRoute = 'listAgents' | 'createAgent' | 'updateAgent' | 'deleteAgent' | `${'get' | 'put'}FolderDefaults`;

function createSettingsHandlers({ settings, find }: AgentRegistry): Pick<Handlers, SettingsRoute> {
  const replace = (agents: readonly ConfiguredAgent[]) => settings.write({ agents, folders: settings.read().folders });
  return {
    async listAgents() {
      const { agents, problem } = settings.read();
      return { items: agents.map(toView), file: settings.path, ...(problem === undefined ? {} : { problem }) };
    },
    async createAgent({ body, identity, reply, request }) {
      requireOwner(identity);
      if (find(body.id) !== undefined) {
        throw new AppError('conflict', `There is an agent "${body.id}" already: choose another id`);
      }
      replace([...settings.read().agents, body]);
      void reply.header('location', `${request.url.split('?')[0]}/${body.id}`);
      return toView(body);
    },
    async updateAgent({ params, body, identity }) {
      requireOwner(identity);
      const { agents } = settings.read();
      const before = requireAdded(agents, params.id);
      const { env, ...rest } = body;
      const kept = Object.entries(env ?? {}).map(([name, value]) => [name, value ?? before.env?.[name] ?? '']);
      const after = { id: before.id, ...rest, ...(env === undefined ? {} : { env: Object.fromEntries(kept) }) };
      replace(agents.map((agent) => (agent.id === before.id ? after : agent)));
      return toView(after);
    },
    async deleteAgent({ params, identity }) {
      requireOwner(identity);
      const { agents } = settings.read();
      requireAdded(agents, params.id);
      replace(agents.filter(({ id }) => id !== params.id));
    },
    getFolderDefaults: async () => ({ items: settings.read().folders }),
    async putFolderDefaults({ body, identity }) {
      requireOwner(identity);
      settings.write({ agents: settings.read().agents, folders: body.items });
      return body;
    },
  };
}

function requireAdded(agents: readonly ConfiguredAgent[], id: string): ConfiguredAgent {
  const found = agents.find((agent) => agent.id === id);
  if (found !== undefined) return found;
  throw new AppError('not-found', `There is no added agent "${id.slice(0, 64)}"`);
}

function toView({ env, ...agent }: ConfiguredAgent): ConfiguredAgentView {
  return { ...agent, env: Object.keys(env ?? {}) };
}

type ProgramRoute = 'installBackend' | 'getInstall' | 'listInstalls' | 'cancelInstall' | 'testBackend';

function createProgramHandlers(parts: AgentParts): Pick<Handlers, ProgramRoute> {
  const { registry, installations } = parts;
  const testing = new Map<string, ReturnType<typeof rehearseAgent>>();
  return {
    async installBackend({ params, body, identity }) {
      requireOwner(identity);
      return installations.start(params.id, body.version);
    },
    async getInstall(call) {
      if (wantsStream(call)) return streamInstall(parts, call);
      return installations.find(call.params.id).read(call.query.after);
    },
    listInstalls: async () => ({ items: installations.list() }),
    async cancelInstall({ params, identity }) {
      requireOwner(identity);
      await installations.cancel(params.id);
    },
    async testBackend({ params, identity }) {
      requireOwner(identity);
      const agent = requireAgent(registry, params.id);
      // Two who press at once see the same test.
      const running = testing.get(params.id) ?? rehearseAgent(agent).finally(() => testing.delete(params.id));
      testing.set(params.id, running);
      return running;
    },
  };
}

type InstallCall = Call<(typeof ROUTES)['getInstall']>;

function wantsStream({ request }: InstallCall): boolean {
  return /\btext\/event-stream\b/i.test(request.headers.accept ?? '');
}

// Each event is what came since the one before it, in the shape of the JSON answer; the stream ends with the installation.
function streamInstall({ installations, streams, maxStreams, leases }: AgentParts, call: InstallCall): undefined {
  const installation = installations.find(call.params.id);
  if (streams.size >= maxStreams) throw new AppError('rate-limited', 'Too many event streams are open: close some');
  const { reply } = call;
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  reply.raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
  let { after } = call.query;
  const tell = () => {
    const news = installation.read(after);
    after = news.seq;
    reply.raw.write(toEvent(news));
    if (news.state !== 'running') reply.raw.end();
  };
  const stream = { end: () => void reply.raw.end() };
  const stopWatching = installation.watch(tell);
  const giveBack = leases.hold(call.identity.sessionHash, stream.end);
  streams.add(stream);
  reply.raw.once('close', () => {
    giveBack();
    stopWatching();
    streams.delete(stream);
  });
  tell();
  return undefined;
}

function toEvent(news: AgentInstall): string {
  return `event: install\ndata: ${JSON.stringify(news)}\n\n`;
}
