import { delimiter, join } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** Where Baton installs one agent. The id is one of the agents that Baton knows, never text of a request. */
export interface AgentHome {
  folder: string;
  /** What works now; replaced whole by the next installation. */
  current: string;
  /** What is being installed. */
  next: string;
  /** Holds the program alone, so that nothing else of its packages gets on the agent's PATH. */
  bin: string;
}

export function toAgentHome(dataDir: string, id: string): AgentHome {
  const folder = join(dataDir, 'agents', id);
  const current = join(folder, 'current');
  // Windows lets few users make links.
  const bin = process.platform === 'win32' ? join(current, 'node_modules', '.bin') : join(folder, 'bin');
  return { folder, current, next: join(folder, 'next'), bin };
}

/** The environment in which what Baton installed is found before what the machine has. */
export function withAgentHome(env: Env, home: AgentHome): Env {
  return withPath(env, home.bin);
}

export function withPath(env: Env, folder: string): Env {
  const name = env['PATH'] === undefined && env['Path'] !== undefined ? 'Path' : 'PATH';
  const rest = env[name] ?? '';
  return { ...env, [name]: rest === '' ? folder : `${folder}${delimiter}${rest}` };
}
