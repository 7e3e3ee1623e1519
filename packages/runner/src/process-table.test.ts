import { expect, test } from 'vitest';
import { hasMarker, toMarkerVariables, toServerMarker } from './process-marker.ts';
import { parsePs, parseStat, readProcessTable } from './process-table.ts';
import { toMembers } from './process-family.ts';

test('reads a stat line whose command holds spaces and parentheses', () => {
  const tail = Array.from({ length: 30 }, (_, index) => index);
  expect(parseStat(`42 (a (b) c) S 7 8 9 ${tail.join(' ')}`)).toEqual({
    pid: 42,
    parent: 7,
    group: 8,
    session: 9,
    startTime: '15',
  });
});

test('takes zombies and nonsense for dead', () => {
  expect(parseStat('42 (gone) Z 7 8 9 0 0')).toBeUndefined();
  expect(parseStat('')).toBeUndefined();
});

test('reads what ps prints', () => {
  const text = '    1     0     1 Ss   Mon Jan  1 10:00:00 2024\n   77     1    70 Z    Mon Jan  1 10:00:01 2024\n';
  expect(parsePs(text)).toEqual([{ pid: 1, parent: 0, group: 1, session: 1, startTime: 'Mon Jan 1 10:00:00 2024' }]);
});

test('finds this very process', async () => {
  const self = (await readProcessTable()).find((entry) => entry.pid === process.pid);
  expect(self?.parent).toBe(process.ppid);
  expect(self?.startTime).not.toBe('');
});

test('takes children, groups and sessions of members for members', () => {
  const entry = (pid: number, [parent, group, session]: [number, number, number]) => {
    return { pid, parent, group, session, startTime: '1' };
  };
  const table = [
    entry(10, [1, 10, 10]),
    entry(11, [10, 10, 10]),
    entry(12, [11, 12, 12]),
    entry(13, [1, 12, 12]),
    entry(20, [1, 20, 20]),
  ];
  expect(toMembers(table, [10]).map((member) => member.pid)).toEqual([10, 11, 12, 13]);
  expect(toMembers(table, []).length).toBe(0);
});

test('knows its own marker from that of another server or session', () => {
  const server = toServerMarker('/data/one');
  const environ = `PATH=/bin\0${Object.entries(toMarkerVariables({ session: 'ses_1', server, run: 'run-1' }))
    .map((pair) => pair.join('='))
    .join('\0')}\0`;
  expect(hasMarker(environ, { server })).toBe(true);
  expect(hasMarker(environ, { server, run: 'run-1' })).toBe(true);
  expect(hasMarker(environ, { server, run: 'run-2' })).toBe(false);
  expect(hasMarker(environ, { server: toServerMarker('/data/two') })).toBe(false);
});
