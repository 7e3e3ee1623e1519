import { expect, test } from 'vitest';
import { createLastOutput } from './last-output.ts';

test('all of it, while there is room', () => {
  const output = createLastOutput(10);
  output.add('one ');
  output.add('two');
  expect(output.read()).toEqual({ text: 'one two', isCut: false });
  output.add('!!!');
  expect(output.read()).toEqual({ text: 'one two!!!', isCut: false });
});

test('the end of it, in whole characters', () => {
  const output = createLastOutput(5);
  output.add('ééé');
  expect(output.read()).toEqual({ text: 'éé', isCut: true });
  output.add('a');
  expect(output.read()).toEqual({ text: 'ééa', isCut: true });
  output.add('x'.repeat(1000));
  expect(output.read()).toEqual({ text: 'xxxxx', isCut: true });
});

test('nothing, for whoever wants nothing', () => {
  const output = createLastOutput(0);
  output.add('a line\n');
  expect(output.read()).toEqual({ text: '', isCut: true });
});

test('a flood of lines costs as much as the lines', () => {
  const output = createLastOutput(1_000_000);
  const line = `${'0123456789'.repeat(4)}\n`;
  const before = process.cpuUsage();
  for (let count = 0; count < 200_000; count += 1) output.add(line);
  const { user } = process.cpuUsage(before);
  expect(output.read().text.length).toBeLessThanOrEqual(1_000_000);
  // Moving a megabyte for each line would be more than a minute.
  expect(user / 1_000_000).toBeLessThan(5);
});
