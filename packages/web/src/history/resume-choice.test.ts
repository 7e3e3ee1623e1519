import { createId } from '@baton/protocol';
import { expect, it } from 'vitest';
import { toResumeChoice, type ResumeFacts } from './resume-choice.ts';

const session = { backend: 'codex', nativeId: 'n1', live: false };
const agent: ResumeFacts['agent'] = { installed: true, capabilities: ['resume', 'fork'] };
const decide = (facts: Partial<ResumeFacts> = {}) =>
  toResumeChoice({ session, title: 'Codex', agent, sessions: [], ...facts });

it('offers both for a conversation that rests', () => {
  expect(decide()).toMatchObject({ canResume: true, canFork: true });
  expect(decide({ agent: undefined })).toMatchObject({ canResume: true, canFork: true });
});

it('does not go on beside a terminal, and says what can be done', () => {
  const choice = decide({ session: { ...session, live: true } });
  expect(choice).toMatchObject({ canResume: false, canFork: true });
  expect(choice.words).toMatch(/End it there to go on here, or fork it/);
});

it('leads to the session that goes on with it', () => {
  const own = createId('session');
  const choice = decide({ sessions: [{ id: own, backend: 'codex', nativeId: 'n1' }] });
  expect(choice).toMatchObject({ own, canResume: false, canFork: true });
  expect(decide({ sessions: [{ id: own, backend: 'claude', nativeId: 'n1' }] }).own).toBeUndefined();
});

it('names the agent that is missing or cannot', () => {
  expect(decide({ agent: { installed: false, capabilities: [] } })).toMatchObject({
    canResume: false,
    canFork: false,
    words: expect.stringContaining('Codex is not installed'),
  });
  expect(decide({ agent: { installed: true, capabilities: ['resume'] } }).canFork).toBe(false);
  expect(decide({ agent: { installed: true, capabilities: ['fork'] } }).words).toMatch(/cannot take up/);
});
