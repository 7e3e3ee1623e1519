import { launchBrowser } from '@baton/testkit';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type BatonProcess, OWNER_KEY } from './baton-process.ts';

export interface View {
  name: string;
  width: number;
  height: number;
  scheme: 'light' | 'dark';
  phone: boolean;
}

export const DESKTOP: View = { name: 'desktop, light', width: 1440, height: 900, scheme: 'light', phone: false };
export const PHONE: View = { name: 'phone, dark', width: 390, height: 844, scheme: 'dark', phone: true };

export interface Browsing {
  /** A page of a new browser profile, signed in by the printed link. */
  signIn(baton: BatonProcess, view?: View): Promise<Page>;
  /** Closes every page there is, with its profile. */
  closePages(): Promise<void>;
  close(): Promise<void>;
  /** Errors that pages have thrown or logged, and requests that left the machine. */
  readonly faults: readonly string[];
}

export async function startBrowsing(): Promise<Browsing> {
  const browser: Browser = await launchBrowser();
  const faults: string[] = [];

  async function newContext(view: View): Promise<BrowserContext> {
    return browser.newContext({
      viewport: { width: view.width, height: view.height },
      colorScheme: view.scheme,
      isMobile: view.phone,
      hasTouch: view.phone,
      reducedMotion: 'reduce',
    });
  }

  async function signIn(baton: BatonProcess, view: View = DESKTOP): Promise<Page> {
    const context = await newContext(view);
    // Shorter than a test may take: what was waited for is named in the failure.
    context.setDefaultTimeout(60_000);
    const page = await context.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('request', (request) => {
      const { protocol, host } = new URL(request.url());
      if (protocol.startsWith('http') && host !== new URL(baton.url).host) faults.push(`asked for ${request.url()}`);
    });
    await page.goto(`${baton.url}/#key=${OWNER_KEY}`);
    await page.getByRole('main').waitFor();
    await page.getByRole('button', { name: /New/ }).first().waitFor();
    expect(page.url()).not.toContain('key');
    return page;
  }

  return {
    signIn,
    closePages: async () => void (await Promise.all(browser.contexts().map((context) => context.close()))),
    close: () => browser.close(),
    get faults() {
      return faults;
    },
  };
}
