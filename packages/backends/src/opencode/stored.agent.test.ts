import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Rehearsal, parseScenario, startRehearsal } from '@baton/rehearsal';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectSound, readAll, toShown } from '../stored/__fixtures__/stored-session.ts';
import { createPlace, createTestBackend, openOpencode } from './__fixtures__/open-opencode.ts';
import { createOpencodeStored } from './stored.ts';

const SCENARIO = `
title: What is lived and found
turns:
  - when: Read it for the main agent
    steps: [{ call: { tool: read, input: { path: note.txt } } }, { say: It says one. }]
  - when: look around
    steps:
      - think: I look.
      - say: Here it goes.
      - call: { tool: read, input: { path: note.txt } }
      - call: { tool: read, input: { path: missing.txt } }
      - say: That was it.
  - when: delegate
    steps:
      - call: { tool: agent, input: { description: Read, prompt: Read it for the main agent } }
      - say: Somebody read it.
  - steps: [{ say: I am here. }]
`;

let rehearsal: Rehearsal;
beforeAll(async () => {
  rehearsal = await startRehearsal({ scenario: parseScenario(SCENARIO, { name: 'found' }) });
});
afterAll(() => rehearsal.close());

test('a conversation looks the same found as it was lived', async () => {
  const place = await createPlace();
  const cwd = await place.folder('project');
  await writeFile(join(cwd, 'note.txt'), 'one\n');
  const backend = createTestBackend(place, rehearsal);
  const opencode = openOpencode(backend, cwd);
  try {
    const ends = [];
    for (const prompt of ['look around', 'delegate', 'and you?']) ends.push(await opencode.run(prompt));
    const [session, ...others] = await readAll(createOpencodeStored({ env: { HOME: place.home } }));
    expect(others).toEqual([]);
    expect(session).toMatchObject({ cwd });
    if (session === undefined) return;
    expectSound(session);
    const lived = toShown(opencode.reports);
    expect(lived.length).toBeGreaterThan(6);
    const events = session.events.map(({ event }) => event);
    expect(toShown(events)).toEqual(lived);
    const points = events.flatMap((event) => (event.type === 'turn.ended' ? [event.point] : []));
    expect(points).toEqual(ends.map(({ point }) => point));
  } finally {
    await opencode.session.stop();
    await backend.close?.();
    await place.remove();
  }
});
