import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceFacts } from './service-facts.ts';
import { LAUNCHD_LABEL, toLaunchdPlist } from './to-launchd-plist.ts';
import { toSystemdUnit } from './to-systemd-unit.ts';

/** One command of the system. */
export type Step = readonly [program: string, ...args: string[]];

/** How one system keeps a program running. */
export interface Supervisor {
  /** The file that describes the service, and its text. */
  path: string;
  text: string;
  /** After the file was written. */
  install: readonly Step[];
  /** Before the file is removed, and after. */
  remove: readonly Step[];
  afterRemove: readonly Step[];
  status: Step;
  /** What a person should know once it is installed. */
  hint: string;
}

export interface SupervisorOptions {
  platform: NodeJS.Platform;
  facts: ServiceFacts;
  configHome: string;
}

/** Undefined where there is none that Baton knows. */
export function findSupervisor({ platform, facts, configHome }: SupervisorOptions): Supervisor | undefined {
  if (platform === 'linux') return toSystemd(facts, configHome);
  return platform === 'darwin' ? toLaunchd(facts) : undefined;
}

const UNIT = 'baton.service';

function toSystemd(facts: ServiceFacts, configHome: string): Supervisor {
  const user = (...args: string[]): Step => ['systemctl', '--user', ...args];
  return {
    path: join(configHome, 'systemd', 'user', UNIT),
    text: toSystemdUnit(facts),
    install: [user('daemon-reload'), user('enable', '--now', UNIT)],
    remove: [user('disable', '--now', UNIT)],
    afterRemove: [user('daemon-reload')],
    status: user('status', '--no-pager', UNIT),
    hint: 'It stops when you sign out; "loginctl enable-linger" keeps it running',
  };
}

function toLaunchd(facts: ServiceFacts): Supervisor {
  const path = join(facts.home, 'Library', 'LaunchAgents', `${LAUNCHD_LABEL}.plist`);
  const domain = `gui/${process.getuid?.() ?? 501}`;
  return {
    path,
    text: toLaunchdPlist(facts),
    install: [['launchctl', 'bootstrap', domain, path]],
    remove: [['launchctl', 'bootout', `${domain}/${LAUNCHD_LABEL}`]],
    afterRemove: [],
    status: ['launchctl', 'print', `${domain}/${LAUNCHD_LABEL}`],
    hint: 'It starts when you sign in',
  };
}

/** Why the manager cannot be used on this machine now; undefined when it can. `booted` is where systemd says that it runs. */
export function findObstacle(platform: NodeJS.Platform, booted = '/run/systemd/system'): string | undefined {
  if (platform === 'linux' && !existsSync(booted)) {
    return 'systemd does not run this machine (a container, or another init). Run "baton serve" under what does; "baton service install --print" shows a unit to go by';
  }
  return undefined;
}
