import { expect } from 'vitest';
import { callsOf, eventsOf, type Stage } from './stage.ts';

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

// Family emoji, flags, right to left, combining marks, beyond the first plane, separators that are no line ends.
const EVERY_KIND = 'née 👩‍👩‍👧‍👦 🏳️‍🌈 עברית العربية Z͑ͫ̓ 𝔘𝔫𝔦 日本語 \u2028 \u2029 \u200b<b>&amp;"quoted" \\n \\u0041';

/** Words, pictures and what a turn shows of itself. */
export const TALKING = {
  stream: ({ play }: Stage) =>
    play('simple', { prompt: 'Say hello' }, async (session) => {
      const ended = await session.turnEnded();
      expect(ended).toMatchObject({ outcome: 'completed', usage: { outputTokens: 20 } });
      expect(session.said()).toContain('Hello from the rehearsal. I heard you.');
      const kinds = eventsOf(session, 'item.started').map(({ item }) => item.type);
      expect(kinds).toContain('reasoning');
      expect(kinds).toContain('agent-message');
      expect(session.deltas().length).toBeGreaterThan(1);
      expect(await session.view()).toMatchObject({ state: 'idle', pending: { approvals: [], questions: [] } });
      // It says nothing that Baton does not know.
      expect(eventsOf(session, 'raw.received')).toEqual([]);
    }),

  image: ({ play }: Stage) =>
    play('image', {}, async (session) => {
      await session.prompt([
        { type: 'text', text: 'What is in this picture' },
        { type: 'image', mediaType: 'image/png', data: PIXEL },
      ]);
      expect(await session.turnEnded()).toMatchObject({ outcome: 'completed' });
      expect(session.said()).toContain('image/png');
    }),

  unicode: ({ play }: Stage) =>
    play('echo', { prompt: EVERY_KIND }, async (session) => {
      expect(await session.turnEnded()).toMatchObject({ outcome: 'completed' });
      expect(session.said()).toContain(`You said: ${EVERY_KIND}`);
    }),

  diff: ({ play }: Stage) =>
    play('edits', { prompt: 'Make a few edits' }, async (session) => {
      const ended = session.turnEnded();
      await session.allowUntil(ended);
      expect(await ended).toMatchObject({ outcome: 'completed' });
      const diffs = callsOf(session).flatMap(({ output }) => output?.filter((part) => part.type === 'diff') ?? []);
      const edit = diffs.find((part) => part.patch.includes('+  const who = name.trim();'));
      expect(edit?.path).toContain('greeting.js');
      expect(diffs.some((part) => part.path.endsWith('greeting.test.js'))).toBe(true);
    }),

  plan: ({ agent, play }: Stage) =>
    play(agent.scenarios?.plan ?? 'todo', { prompt: 'Work through a list' }, async (session) => {
      const ended = session.turnEnded();
      await session.allowUntil(ended);
      expect(await ended).toMatchObject({ outcome: 'completed' });
      const plans = eventsOf(session, 'plan.updated');
      expect(plans.at(-1)?.entries.map(({ title }) => title)).toEqual(['Look around', 'Write the note']);
      expect(plans.at(-1)?.entries.map(({ status }) => status)).toEqual(['completed', 'completed']);
    }),

  subagent: ({ agent, play }: Stage) =>
    play(agent.scenarios?.subagent ?? 'subagent', { prompt: 'Let a subagent look' }, async (session) => {
      const ended = session.turnEnded();
      await session.allowUntil(ended);
      expect(await ended).toMatchObject({ outcome: 'completed' });
      const call = await session.event(
        'item.started',
        ({ item }) => item.type === 'tool-call' && item.kind === 'subagent',
      );
      // What a subagent does may still be told when its caller is done.
      const its = await session.event(
        'item.started',
        ({ item, parentItemId }) => parentItemId === call.itemId && item.type === 'tool-call',
      );
      const { item } = await session.event('item.ended', ({ itemId }) => itemId === its.itemId);
      expect(item).toMatchObject({ kind: 'execute', status: 'completed' });
    }),
};
