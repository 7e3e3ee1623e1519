import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings, startServer, type RunningServer } from '@baton/server';
import { runCli } from '../src/run-cli.ts';
import { COMMANDS } from '../src/commands.ts';
import { createFakeTerminal, type FakeTerminal } from './fake-terminal.ts';

/** A home of its own, with a folder to work in, where only Baton's own worker on a rehearsal is to be had. */
export interface Workplace {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly home: string;
  serve(): Promise<RunningServer>;
  /** Runs one command line in this process. */
  baton(args: readonly string[], terminal?: FakeTerminal): Promise<number>;
  close(): Promise<void>;
}

export async function createWorkplace(): Promise<Workplace> {
  const home = await mkdtemp(join(tmpdir(), 'baton-cli-'));
  const cwd = join(home, 'project');
  await mkdir(cwd);
  const env = { HOME: home, PATH: '/usr/bin:/bin', BATON_DATA: join(home, 'data'), BATON_PORT: '0' };
  const servers: RunningServer[] = [];
  return {
    env,
    cwd,
    home,
    async serve() {
      const server = await startServer(readSettings(env, { logLevel: 'silent' }));
      servers.push(server);
      return server;
    },
    baton: (args, terminal = createFakeTerminal()) =>
      runCli(COMMANDS, args, { terminal, env, cwd, now: () => Date.now() }),
    async close() {
      for (const server of servers) await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
