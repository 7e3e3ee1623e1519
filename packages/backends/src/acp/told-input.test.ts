import { expect, test } from 'vitest';
import { takeToldInput } from './told-input.ts';

const say = (text: string) => ({ type: 'content', content: { type: 'text', text } });

test('what a model has written so far of an input is no output', () => {
  const said = takeToldInput([say('{"command":"npm te')], {});
  expect(said).toEqual({ content: [], input: undefined, isWriting: true });
});

test('an input that is whole is the input', () => {
  const said = takeToldInput([say('{"command":"npm test"}')], {});
  expect(said).toEqual({ content: [], input: { command: 'npm test' }, isWriting: false });
});

test('an input that is said a second time is left out', () => {
  const said = takeToldInput([say('{"command":"npm test"}')], { command: 'npm test' });
  expect(said).toEqual({ content: [], input: undefined, isWriting: false });
});

test('what a command prints stays, though it looks like an input', () => {
  const printed = [say('{"name":"baton"}')];
  expect(takeToldInput(printed, { command: 'cat package.json' }).content).toEqual(printed);
});
