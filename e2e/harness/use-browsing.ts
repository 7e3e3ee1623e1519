import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { type SessionView, sessionViewSchema } from '@baton/protocol';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import { type BatonProcess, type BatonProcessOptions, startBaton } from './baton-process.ts';
import { type Browsing, startBrowsing, type View } from './browser.ts';

/** What the tests of one file share: a server and a browser. Whatever else a test opens here ends with it, however it ends. */
export interface SharedBrowsing {
  readonly baton: BatonProcess;
  readonly browsing: Browsing;
  /** A page of a new browser profile, signed in. */
  signIn(view?: View): Promise<Page>;
  /** Makes a session, in a new folder and of the worker unless the body says otherwise. */
  create(body: Record<string, unknown>): Promise<SessionView>;
  /** Makes a session, and opens it in a page of its own. */
  open(body: Record<string, unknown>, view?: View): Promise<{ page: Page; session: SessionView }>;
  /** Another server. */
  start(options?: BatonProcessOptions): Promise<BatonProcess>;
  /** The next life of a server that has ended: the same data, at the same address. */
  startAgain(ended: BatonProcess): Promise<BatonProcess>;
}

/** Called once at the top of a file, before its tests. */
export function useBrowsing(options: BatonProcessOptions = {}): SharedBrowsing {
  // A browser and a server on a busy machine of two cores.
  vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });
  let baton: BatonProcess | undefined;
  let browsing: Browsing | undefined;
  const beside: BatonProcess[] = [];

  beforeAll(async () => {
    [baton, browsing] = await Promise.all([startBaton(options), startBrowsing()]);
  });
  afterEach(async () => {
    await Promise.all([browsing?.closePages(), ...beside.splice(0).map((each) => each.kill('SIGTERM'))]);
  });
  afterAll(() => Promise.all([browsing?.close(), baton?.kill('SIGTERM')]));

  const shared: SharedBrowsing = {
    get baton() {
      return there(baton);
    },
    get browsing() {
      return there(browsing);
    },
    signIn: (view) => shared.browsing.signIn(shared.baton, view),
    async create(body) {
      const cwd = mkdtempSync(join(shared.baton.root, 'a-folder-'));
      const answer = await shared.baton.request('POST', '/sessions', { backend: 'worker', cwd, ...body });
      expect(answer).toMatchObject({ status: 201 });
      return sessionViewSchema.parse(answer.body);
    },
    async open(body, view) {
      const session = await shared.create(body);
      const page = await shared.signIn(view);
      await page.goto(`${shared.baton.url}/sessions/${session.id}`);
      return { page, session };
    },
    async start(more) {
      const started = await startBaton(more);
      beside.push(started);
      return started;
    },
    startAgain: ({ dataDir, root, url }) => shared.start({ dataDir, root, env: { BATON_PORT: new URL(url).port } }),
  };
  return shared;
}

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('there is a server and a browser only while a test runs');
  return value;
}
