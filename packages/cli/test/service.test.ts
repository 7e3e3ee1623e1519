import { spawn } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { ServiceFacts } from '../src/service/service-facts.ts';
import { findSupervisor, findObstacle } from '../src/service/find-supervisor.ts';
import { toLaunchdPlist } from '../src/service/to-launchd-plist.ts';
import { toSystemdUnit } from '../src/service/to-systemd-unit.ts';
import { toWindowsNotes } from '../src/service/to-windows-notes.ts';
import { createFakeTerminal } from './fake-terminal.ts';
import { createWorkplace, type Workplace } from './workplace.ts';

let place: Workplace;

beforeEach(async () => {
  place = await createWorkplace();
});

afterEach(() => place.close());

const FACTS: ServiceFacts = {
  ...{ node: '/opt/node/bin/node', program: '/home/ada/my apps/100%/$x/baton.js', dataDir: '/home/ada/data "x"' },
  ...{ path: '/usr/bin:/home/ada/bin', home: '/home/ada', canNotify: true },
};

test('the unit says when it is ready, is watched, and quotes what systemd would read otherwise', () => {
  expect(toSystemdUnit(FACTS)).toBe(`[Unit]
Description=Baton, one place for coding agents
After=network.target

[Service]
Type=notify
NotifyAccess=all
WatchdogSec=90
ExecStart=/opt/node/bin/node "/home/ada/my apps/100%%/$$x/baton.js" serve --no-link
ExecReload=/opt/node/bin/node "/home/ada/my apps/100%%/$$x/baton.js" restart
Environment="BATON_DATA=/home/ada/data \\"x\\""
Environment="PATH=/usr/bin:/home/ada/bin"
Restart=on-failure
RestartSec=2
KillMode=process
TimeoutStopSec=30

[Install]
WantedBy=default.target
`);
});

test('without systemd-notify nobody waits for a word that cannot come', () => {
  const unit = toSystemdUnit({ ...FACTS, canNotify: false });
  expect(unit).toContain('Type=exec');
  expect(unit).not.toMatch(/Watchdog|Notify/);
});

test('the plist is well formed and keeps the server running', () => {
  const plist = toLaunchdPlist({ ...FACTS, program: '/a & b/<baton>.js' });
  expect(plist).toContain('<string>/a &amp; b/&lt;baton&gt;.js</string>');
  expect(plist).toMatch(/<key>KeepAlive<\/key>\s*<dict>\s*<key>SuccessfulExit<\/key>\s*<false\/>/);
  expect(plist.match(/<(string|dict|array)>/g)?.length).toBe(plist.match(/<\/(string|dict|array)>/g)?.length);
});

test('Windows is told how its task scheduler does it', () => {
  const notes = toWindowsNotes(FACTS);
  expect(notes).toContain('schtasks /Create /TN Baton /SC ONLOGON');
  expect(notes).toContain('To restart it: schtasks /End /TN Baton');
});

test('each system has its own file and commands, and what is missing is said', () => {
  const options = { facts: FACTS, configHome: '/home/ada/.config' };
  expect(findSupervisor({ ...options, platform: 'linux' })?.path).toBe('/home/ada/.config/systemd/user/baton.service');
  expect(findSupervisor({ ...options, platform: 'darwin' })?.path).toContain('LaunchAgents/dev.baton.server.plist');
  expect(findSupervisor({ ...options, platform: 'win32' })).toBeUndefined();
  expect(findObstacle('linux', '/nowhere')).toContain('systemd does not run this machine');
  expect(findObstacle('linux', '/')).toBeUndefined();
});

test.runIf(process.platform === 'linux')(
  '--print changes nothing; without systemd nothing is written either',
  async () => {
    const printed = createFakeTerminal();
    expect(await place.baton(['service', 'install', '--print'], printed)).toBe(0);
    expect(printed.printed).toContain('ExecStart=');
    expect(printed.printed).toContain(`BATON_DATA=${join(place.home, 'data')}`);
    expect(await place.baton(['service', 'status'])).toBe(1);
    expect(await place.baton(['service', 'remove'])).toBe(0);
    if (findObstacle('linux') !== undefined) {
      const refused = createFakeTerminal();
      expect(await place.baton(['service', 'install'], refused)).toBe(2);
      expect(refused.said).toContain('systemd does not run this machine');
    }
    expect(existsSync(join(place.home, '.config', 'systemd'))).toBe(false);
  },
);

test.runIf(process.platform !== 'win32')(
  'serve tells systemd that it is ready, pings, also after a restart, and says that it stops; no link is printed',
  async () => {
    const bin = join(place.home, 'bin');
    const told = join(place.home, 'told');
    await mkdir(bin);
    await writeFile(told, '');
    // Stands in for the program of systemd, which needs its socket.
    await writeFile(join(bin, 'systemd-notify'), `#!/bin/sh\necho "$NOTIFY_SOCKET $1" >> "${told}"\n`, { mode: 0o755 });
    const main = join(import.meta.dirname, '../src/main.ts');
    const env = { ...place.env, PATH: `${bin}:/usr/bin:/bin`, NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '150000' };
    const child = spawn(process.execPath, [main, 'serve', '--no-link'], { env, cwd: place.cwd });
    onTestFinished(() => void child.kill('SIGKILL'));
    let output = '';
    child.stdout.on('data', (text) => (output += String(text)));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await untilFile(told, (text) => text.split('WATCHDOG=1').length > 2);
    child.kill('SIGUSR2');
    await untilFile(told, (text) => text.split('READY=1')[2]?.includes('WATCHDOG=1') === true);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    await untilFile(told, (text) => text.includes('STOPPING=1'));
    expect((await readFile(told, 'utf8')).split('\n')[0]).toBe('/run/x READY=1');
    expect(output).toContain('Baton runs at');
    expect(output).not.toContain('key=');
  },
);

/** Resolves when the file's text fits, now or after a change of it. */
async function untilFile(path: string, fits: (text: string) => boolean): Promise<void> {
  const changes = watch(path);
  try {
    for (;;) {
      const changed = new Promise((resolve) => changes.once('change', resolve));
      if (fits(await readFile(path, 'utf8'))) return;
      await changed;
    }
  } finally {
    changes.close();
  }
}

test('clean carries the rules out, says so before with --dry-run, and gives room back when no server runs', async () => {
  await place.baton(['run', '-b', 'worker', '[scene simple] hi']);
  for (const args of [['clean', '--dry-run'], ['clean']]) {
    const terminal = createFakeTerminal();
    expect(await place.baton(args, terminal)).toBe(0);
    expect(terminal.printed).toContain('No rule names anything');
    expect(terminal.printed.includes('The database took')).toBe(args.length === 1);
  }
});
