import { describe, expect, it } from 'vitest';
import { toCrumbs, toCwd, toFolderQuery, toInside, toRecentFolders, toSuggestions, toUp } from './folder-listing.ts';

describe('toFolderQuery', () => {
  it('lists the folder before the last slash and filters by the rest', () => {
    expect(toFolderQuery('/home/ada/co')).toEqual({ folder: '/home/ada', filter: 'co' });
    expect(toFolderQuery('/home/ada/')).toEqual({ folder: '/home/ada', filter: '' });
    expect(toFolderQuery('/h')).toEqual({ folder: '/', filter: 'h' });
    expect(toFolderQuery('C:\\co')).toEqual({ folder: 'C:\\', filter: 'co' });
  });

  it('asks for the roots when no folder is named', () => {
    expect(toFolderQuery('')).toEqual({ filter: '' });
    expect(toFolderQuery('atlas')).toEqual({ filter: 'atlas' });
  });
});

describe('toSuggestions', () => {
  const items = [
    { name: 'old-atlas', path: '/c/old-atlas', git: false },
    { name: 'atlas', path: '/c/atlas', git: true },
    { name: 'music', path: '/c/music', git: false },
  ];

  it('has names that begin with the text before names that contain it', () => {
    const found = toSuggestions({ text: '/c/AT', items, recent: [] });
    expect(found.map((one) => one.name)).toEqual(['atlas', 'old-atlas']);
    expect(found[0]).toEqual({ kind: 'folder', name: 'atlas', path: '/c/atlas', git: true });
  });

  it('offers earlier folders until someone walks by path', () => {
    const recent = ['/c/atlas', '/d/harbor'];
    expect(toSuggestions({ text: '', items, recent }).map((one) => one.path)).toEqual([
      '/c/atlas',
      '/d/harbor',
      '/c/music',
      '/c/old-atlas',
    ]);
    expect(toSuggestions({ text: 'harb', items, recent }).map((one) => one.kind)).toEqual(['recent']);
    expect(toSuggestions({ text: '/c/', items, recent }).every((one) => one.kind === 'folder')).toBe(true);
  });
});

describe('walking', () => {
  it('goes inside and up again', () => {
    expect(toInside('/home/ada')).toBe('/home/ada/');
    expect(toInside('/')).toBe('/');
    expect(toInside('C:\\code')).toBe('C:\\code\\');
    expect(toUp('/home/ada/')).toBe('/home/');
    expect(toUp('/home/ada/co')).toBe('/home/ada/');
    expect(toUp('/home/')).toBe('/');
    expect(toUp('/')).toBe('');
    expect(toUp('')).toBe('');
  });

  it('shows the way from the root', () => {
    expect(toCrumbs('/home/ada').map((crumb) => crumb.path)).toEqual(['/', '/home', '/home/ada']);
    expect(toCrumbs('C:\\code').map((crumb) => crumb.path)).toEqual(['C:', 'C:\\code']);
  });

  it('sends the folder without its closing slash', () => {
    expect(toCwd(' /home/ada/ ')).toBe('/home/ada');
    expect(toCwd('/')).toBe('/');
    expect(toCwd('//')).toBe('/');
    expect(toCwd('')).toBe('');
  });

  it('names each earlier folder once, the latest first', () => {
    expect(toRecentFolders([{ cwd: '/b' }, { cwd: '/a' }, { cwd: '/b' }])).toEqual(['/b', '/a']);
  });
});
