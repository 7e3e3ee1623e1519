import { type Rehearsal, parseScenario, startRehearsal } from '@baton/rehearsal';
import type { Backend, OpenOptions } from '@baton/core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type OpenCodex, type Place, VERSION, createBackend, createPlace, openCodex } from './__fixtures__/open-codex.ts';

const SCENARIO = `
title: Codex's own ways
turns:
  - steps: [{ say: I am here. }]
`;

let rehearsal: Rehearsal;
let place: Place;
let backend: Backend;
const opened: OpenCodex[] = [];

beforeAll(async () => {
  rehearsal = await startRehearsal({ scenario: parseScenario(SCENARIO, { name: 'codex' }) });
});
afterAll(() => rehearsal.close());
beforeEach(async () => {
  place = await createPlace();
  backend = createBackend(place, rehearsal);
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ session }) => session.stop()));
  await backend.close?.();
  await place.remove();
});

function open(more: Partial<OpenOptions> = {}): OpenCodex {
  const codex = openCodex(backend, place, more);
  opened.push(codex);
  return codex;
}

test('says what it is and offers, streams a turn, and ends when told', async () => {
  const codex = open();
  expect(await codex.run('[scene simple] hello')).toMatchObject({ outcome: 'completed', point: expect.any(String) });
  console.log(JSON.stringify(codex.reports.map((r) => (r.type === 'agent.ready' ? { ...r, models: r.models.length, commands: r.commands.length } : r)), null, 0).replaceAll('},{"type', '},\n{"type'));
  expect(codex.of('agent.started')).toMatchObject([{ version: VERSION }]);
  await codex.session.stop();
  expect(codex.reports.at(-1)).toMatchObject({ type: 'agent.exited', code: 0, expected: true });
});
