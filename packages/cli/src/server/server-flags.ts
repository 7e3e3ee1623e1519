import type { Command } from 'commander';

/** The flags of every command that talks to a server. */
export function addServerFlags(command: Command): Command {
  return command
    .option('--data <folder>', 'data folder of the server to find (BATON_DATA)')
    .option('--url <address>', 'connect to this server instead (BATON_URL); needs its key')
    .option('--key <key>', 'key for that server; better given as BATON_KEY, which others cannot see');
}
