import { expect, test } from 'vitest';
import { fetchCode, type CodeLine } from './fetch-code.ts';

// The server answers from the `upAfter`th look on.
function createLine(upAfter: number, isAway = false): CodeLine & { looks: number } {
  const line = {
    looks: 0,
    isAway: () => isAway,
    isUp: async () => {
      line.looks += 1;
      return line.looks > upAfter;
    },
    pause: async () => undefined,
  };
  return line;
}

function createLoad(failures: number) {
  let tries = 0;
  return async () => {
    tries += 1;
    if (tries <= failures) throw new Error('not fetched');
    return `fetched at try ${tries}`;
  };
}

test('what comes at once asks for nothing else', async () => {
  const line = createLine(0);
  expect(await fetchCode(createLoad(0), line)).toBe('fetched at try 1');
  expect(line.looks).toBe(0);
});

test('while the server is away it waits, and then tries once more', async () => {
  const line = createLine(3);
  expect(await fetchCode(createLoad(1), line)).toBe('fetched at try 2');
  expect(line.looks).toBe(4);
});

test('a server that is known to be away is not asked for code before it is back', async () => {
  const line = createLine(2, true);
  expect(await fetchCode(createLoad(0), line)).toBe('fetched at try 1');
  expect(line.looks).toBe(3);
});

test('what a server that answers does not have fails', async () => {
  await expect(fetchCode(createLoad(2), createLine(0))).rejects.toThrow('not fetched');
});
