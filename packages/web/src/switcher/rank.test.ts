import { expect, it } from 'vitest';
import { rank, toScore } from './rank.ts';

const parser = { texts: ['Fix the parser', '/home/ada/atlas', 'claude'] };
const atlas = { texts: ['Atlas upgrade', '/home/ada/harbor', 'codex'] };

it('finds by title before folder, and by the beginning of words', () => {
  expect(rank('atlas', [parser, atlas])).toEqual([atlas, parser]);
  expect(toScore('pars', parser)).toBeGreaterThan(toScore('arse', parser));
});

it('wants every word somewhere', () => {
  expect(rank('parser claude', [parser, atlas])).toEqual([parser]);
  expect(rank('parser codex', [parser, atlas])).toEqual([]);
});

it('keeps the order when nothing is asked', () => {
  expect(rank('  ', [parser, atlas])).toEqual([parser, atlas]);
});
