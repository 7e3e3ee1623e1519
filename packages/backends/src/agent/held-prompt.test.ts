import { AppError, type TurnId } from '@baton/protocol';
import { NotWritten } from '@baton/runner';
import { expect, test } from 'vitest';
import { HeldPrompt } from './held-prompt.ts';

const prompt = { turnId: 'trn_one' as TurnId, input: [] };
const gone = new NotWritten('the process has ended');

test('a prompt is unheard until it goes out, and again when certainly nothing of it went out', async () => {
  const held = new HeldPrompt({});
  held.hold(prompt);
  expect(held.unheard).toBe(prompt.turnId);
  expect(held.take(prompt)).toBe(true);
  expect(held.unheard).toBe(prompt.turnId);
  const writing = Promise.withResolvers<void>();
  const sent = held.send(prompt, () => writing.promise);
  expect(held.unheard).toBeUndefined();
  writing.reject(gone);
  await expect(sent).rejects.toBe(gone);
  expect(held.unheard).toBe(prompt.turnId);
});

test('a prompt that failed in any other way may have been heard', async () => {
  const held = new HeldPrompt({});
  held.hold(prompt);
  const failing = () => Promise.reject(new AppError('agent-exited', 'it ended'));
  await expect(held.send(prompt, failing)).rejects.toThrow('it ended');
  expect(held.unheard).toBeUndefined();
});

test('an interrupt that comes first ends its turn', () => {
  const held = new HeldPrompt({});
  held.hold(prompt);
  expect(held.drop()).toBe(prompt.turnId);
  expect(held.take(prompt)).toBe(false);
  expect(held.drop()).toBeUndefined();
});

test('is written down as heard before it goes out, and as unheard when certainly nothing of it went out', async () => {
  const notes: unknown[] = [];
  const held = new HeldPrompt({ noteHeard: (turnId) => notes.push(turnId) });
  held.hold(prompt);
  expect(notes).toEqual([]);
  held.take(prompt);
  expect(notes).toEqual([prompt.turnId]);
  await expect(held.send(prompt, () => Promise.reject(gone))).rejects.toBe(gone);
  expect(notes).toEqual([prompt.turnId, null]);
});

test('does not go out, and is refused at once, when that cannot be written down', () => {
  const held = new HeldPrompt({
    noteHeard() {
      throw new AppError('disk-full', 'no room');
    },
  });
  held.hold(prompt);
  expect(() => held.take(prompt)).toThrow('no room');
  expect(held.unheard).toBeUndefined();
});
