import { SERVE_ARGS, type ServiceFacts } from './service-facts.ts';

/** Three pings fit in, so that one that is late harms nothing. */
export const WATCHDOG_SECONDS = 90;

/**
 * A user unit. Node has no datagram sockets of the file system, so readiness and the watchdog's pings are sent by `systemd-notify`, a child
 * of the service: hence `NotifyAccess=all`. Where that program is missing the unit says `Type=exec` and has no watchdog, because one
 * that nobody feeds would kill a healthy server. A full disk does not stop the pings; a hung event loop does.
 *
 * `KillMode=process`: whatever ends the server, systemd signals it alone. The runner is in its control group, and with any other
 * mode systemd would kill it, and the agents in it, with a server that crashed or hung, before the next can take them up. On
 * SIGTERM the server ends runner and agents itself, in order. A reload restarts the server and leaves them at work: the same
 * process, which says again that it is ready, so that the watchdog goes on.
 */
export function toSystemdUnit(facts: ServiceFacts): string {
  const notify = ['Type=notify', 'NotifyAccess=all', `WatchdogSec=${WATCHDOG_SECONDS}`];
  const toCommand = (...args: string[]) => [facts.node, facts.program, ...args].map(quoteWord).join(' ');
  const lines = [
    ...['[Unit]', 'Description=Baton, one place for coding agents', 'After=network.target', ''],
    ...['[Service]', ...(facts.canNotify ? notify : ['Type=exec']), `ExecStart=${toCommand(...SERVE_ARGS)}`],
    `ExecReload=${toCommand('restart')}`,
    ...[`Environment=${quote(`BATON_DATA=${facts.dataDir}`)}`, `Environment=${quote(`PATH=${facts.path}`)}`],
    ...['Restart=on-failure', 'RestartSec=2'],
    ...['KillMode=process', 'TimeoutStopSec=30', ''],
    ...['[Install]', 'WantedBy=default.target', ''],
  ];
  return lines.join('\n');
}

// `%` begins a specifier everywhere in a unit.
function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`;
}

// In a command line `$` begins a variable too.
function quoteWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : quote(text).replaceAll('$', '$$$$');
}
