import { spawn } from 'node:child_process';

/** Tells the service manager how the server does. Does nothing where none asked for it. */
export interface ServiceNotifier {
  /** Requests are taken; pings begin. */
  ready(): void;
  /** It stops on purpose; pings end. */
  stopping(): void;
}

/**
 * Speaks systemd's notify protocol through the system's own `systemd-notify`. Each ping is sent from a timer of the event loop: a server that hangs
 * sends none, and is restarted.
 */
export function createServiceNotifier(env: Readonly<Record<string, string | undefined>>): ServiceNotifier {
  const { NOTIFY_SOCKET, WATCHDOG_USEC, PATH } = env;
  if (NOTIFY_SOCKET === undefined || NOTIFY_SOCKET === '') return { ready: () => undefined, stopping: () => undefined };
  const send = (message: string) => {
    const child = spawn('systemd-notify', [message], { env: { NOTIFY_SOCKET, PATH }, stdio: 'ignore' });
    // The manager then waits in vain and says so; the server itself is not worse for it.
    child.once('error', () => undefined);
    child.unref();
  };
  const watchdogMs = Number(WATCHDOG_USEC ?? 0) / 1000;
  let pings: NodeJS.Timeout | undefined;
  return {
    ready() {
      send('READY=1');
      if (watchdogMs > 0) pings = setInterval(() => send('WATCHDOG=1'), watchdogMs / 3).unref();
    },
    stopping() {
      clearInterval(pings);
      send('STOPPING=1');
    },
  };
}
