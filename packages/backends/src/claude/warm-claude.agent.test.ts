import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Rehearsal, startRehearsal } from '@baton/rehearsal';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../agent/system-clock.ts';
import { type Place, VERSIONS, createPlace, executableOf, toTestEnvironment } from './__fixtures__/open-claude.ts';
import { BOUNDS } from './settings.ts';
import { startWarmClaude } from './warm-claude.ts';

/** It ends in its own way, however slow this machine is. */
const PATIENT = { ...BOUNDS, stop: { protocolMs: 60_000 } };

let rehearsal: Rehearsal;
let place: Place;

beforeAll(async () => {
  rehearsal = await startRehearsal({ scenario: 'simple' });
});
afterAll(() => rehearsal.close());
beforeEach(async () => {
  place = await createPlace();
});
afterEach(() => place.remove());

describe.each(VERSIONS)('Claude Code $version that waits', ({ program }) => {
  test.each([
    { what: 'in its own way', change: false },
    { what: 'without a word, when its user has had something run at its end meanwhile', change: true },
  ])('ends $what, and leaves nothing behind', async ({ change }) => {
    const path = executableOf(program);
    const env = { ...toTestEnvironment(place, rehearsal), IS_SANDBOX: '1' };
    const choice = { model: undefined, mode: undefined, effort: undefined };
    const recipe = { program: { path, build: 'any' }, cwd: place.cwd, env, ...choice };
    let print = 'as it was';
    const waiting = await startWarmClaude(
      {
        ...{ recipe, conversation: { type: 'new', id: randomUUID() } },
        look: () => Promise.resolve(print),
      },
      { executable: path, env, serverMarker: `warm-${process.pid}`, clock: systemClock, bounds: PATIENT },
      new AbortController().signal,
    );
    const hooks = { SessionEnd: [{ hooks: [{ type: 'command', command: 'echo ended >> ended.txt' }] }] };
    await mkdir(join(place.cwd, '.claude'), { recursive: true });
    if (change) {
      await writeFile(join(place.cwd, '.claude', 'settings.json'), JSON.stringify({ hooks }));
      print = 'another';
    }
    await waiting.end();
    // It runs such a hook a second after it was written, and never when it is killed.
    expect(await waiting.ended).toMatchObject(change ? { signal: 'SIGKILL' } : { code: 0, signal: null });
    expect(existsSync(join(place.cwd, 'ended.txt'))).toBe(false);
    const notes = readdirSync(join(place.home, '.claude', 'sessions'));
    expect(notes.filter((name) => name.startsWith(`${waiting.process.pid}.`))).toEqual([]);
  });
});
