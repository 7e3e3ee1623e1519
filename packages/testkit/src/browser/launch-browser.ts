import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { unpackChromium, type UnpackedChromium } from './unpack-chromium.ts';

/** Nothing that leaves the machine, asks at first run or draws differently from machine to machine. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
];

const SYSTEM_BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * A headless Chromium for tests: the one from npm, or else one that the machine has. The caller closes it.
 * Throws when there is none, saying what to install.
 */
export async function launchBrowser(): Promise<Browser> {
  // Loaded here: most users of this package never open a browser, and Playwright is large.
  const { chromium } = await import('playwright-core');
  const found = (await unpackChromium()) ?? findSystemBrowser();
  return chromium.launch({
    executablePath: found.executablePath,
    args: FLAGS,
    env: { ...readEnvironment(), ...found.env },
  });
}

function findSystemBrowser(): UnpackedChromium {
  const executablePath = SYSTEM_BROWSERS.find((path) => existsSync(path));
  if (executablePath === undefined) {
    throw new Error(`Cannot launch a browser: none of ${SYSTEM_BROWSERS.join(', ')} exists; install Chromium`);
  }
  return { executablePath, env: {} };
}

function readEnvironment(): Record<string, string> {
  const known = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(known);
}
