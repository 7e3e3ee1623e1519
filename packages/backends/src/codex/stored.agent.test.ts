import { type Rehearsal, parseScenario, startRehearsal } from '@baton/rehearsal';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectSound, readAll, toShown } from '../stored/__fixtures__/stored-session.ts';
import { createBackend, createPlace, openCodex } from './__fixtures__/open-codex.ts';
import { createCodexStored } from './stored.ts';

const SCENARIO = `
title: What is lived and found
turns:
  - when: run something
    steps:
      - think: I run it.
      - say: Here it goes.
      - call: { tool: run, input: { command: "echo one; sleep 0.3; exit 3" } }
      - say: It ran.
  - when: make a file
    steps: [{ call: { tool: write, input: { path: note.txt, content: "one\\n" } } }, { say: It is there. }]
  - steps: [{ say: I am here. }]
`;

let rehearsal: Rehearsal;
beforeAll(async () => {
  rehearsal = await startRehearsal({ scenario: parseScenario(SCENARIO, { name: 'found' }) });
});
afterAll(() => rehearsal.close());

test('a conversation looks the same found as it was lived', async () => {
  const place = await createPlace();
  const backend = createBackend(place, rehearsal);
  const stored = createCodexStored({ env: { HOME: place.home } });
  const codex = openCodex(backend, place, { mode: 'full-access' });
  try {
    const ends = [];
    for (const prompt of ['run something', 'make a file', 'and you?']) ends.push(await codex.run(prompt));
    const [session] = await readAll(stored);
    expect(session).toMatchObject({ cwd: place.cwd, title: 'run something' });
    if (session === undefined) return;
    expectSound(session);
    const lived = toShown(codex.reports);
    expect(lived.length).toBeGreaterThan(5);
    const events = session.events.map(({ event }) => event);
    expect(toShown(events)).toEqual(lived);
    const points = events.flatMap((event) => (event.type === 'turn.ended' ? [event.point] : []));
    expect(points).toEqual(ends.map(({ point }) => point));
    if (process.platform === 'linux') expect(await stored.isLive?.(session.nativeId)).toBe(true);
  } finally {
    await codex.session.stop();
    await backend.close?.();
    await place.remove();
  }
});
