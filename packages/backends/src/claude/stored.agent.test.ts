import { type Rehearsal, parseScenario, startRehearsal } from '@baton/rehearsal';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventsOf, expectSound, readAll, toShown } from '../stored/__fixtures__/stored-session.ts';
import { type OpenClaude, VERSIONS, createPlace, openClaude } from './__fixtures__/open-claude.ts';
import { createClaudeStored } from './stored.ts';

const SCENARIO = `
title: What is lived and found
turns:
  - when: Look around for the main agent
    steps: [{ call: { tool: list, input: { path: . } } }, { say: One file. }]
  - when: make a file
    steps:
      - say: I write it.
      - call: { tool: write, input: { path: note.txt, content: "one\\n" } }
      - call: { tool: read, input: { path: note.txt } }
      - call: { tool: edit, input: { path: note.txt, old: one, new: two } }
      - say: It is there.
  - when: delegate
    steps:
      - call: { tool: agent, input: { description: Look, prompt: Look around for the main agent } }
      - say: Somebody looked.
  - when: fail
    steps: [{ call: { tool: read, input: { path: missing.txt } } }, { say: There is none. }]
  - steps: [{ say: I am here. }]
`;

let rehearsal: Rehearsal;
beforeAll(async () => {
  rehearsal = await startRehearsal({ scenario: parseScenario(SCENARIO, { name: 'found' }) });
});
afterAll(() => rehearsal.close());

async function live(claude: OpenClaude): Promise<void> {
  await claude.nth('agent.ready');
  for (const prompt of ['make a file', 'delegate', 'fail', 'and you?']) await claude.run(prompt);
}

describe.each(VERSIONS)('Claude Code $version', ({ program }) => {
  test('a conversation looks the same found as it was lived', async () => {
    const place = await createPlace();
    const stored = createClaudeStored({ env: { HOME: place.home } });
    const claude = openClaude({ place, program, rehearsal, open: { mode: 'acceptEdits' } });
    try {
      await live(claude);
      const nativeId = claude.of('agent.ready').findLast((each) => each.nativeId !== undefined)?.nativeId ?? '';
      expect(await stored.isLive?.(nativeId)).toBe(true);
      await claude.session.stop();
      expect(await stored.isLive?.(nativeId)).toBe(false);
      const [session, ...others] = await readAll(stored);
      expect(others).toEqual([]);
      expect(session).toMatchObject({ nativeId, cwd: place.cwd, title: 'make a file' });
      if (session === undefined) return;
      expectSound(session);
      const lived = toShown(claude.reports);
      expect(lived.length).toBeGreaterThan(9);
      expect(toShown(session.events.map(({ event }) => event))).toEqual(lived);
      const points = eventsOf(session, 'turn.ended').map(({ point }) => point);
      expect(points).toEqual(claude.of('turn.ended').map(({ point }) => point));
      const prompts = eventsOf(session, 'turn.started').flatMap(({ input, by }) => (by === 'user' ? input : []));
      expect(prompts.map((part) => (part.type === 'text' ? part.text : ''))).toEqual([
        ...['make a file', 'delegate', 'fail', 'and you?'],
      ]);
    } finally {
      await claude.session.stop();
      await place.remove();
    }
  });
});
