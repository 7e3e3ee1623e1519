import { expect, it } from 'vitest';
import { toAgentTitle } from './agent-title.ts';
import { toContextPercent, toModelName } from './figures.ts';
import { toFolderName, toShortPath } from './folder-name.ts';
import { toNextId } from './next-id.ts';
import { toPlainPreview } from './plain-preview.ts';
import { toTestSession } from './test-session.ts';

it('shortens paths to what tells them apart', () => {
  expect(toShortPath('/home/ada/code/atlas')).toBe('~/code/atlas');
  expect(toShortPath('/Users/ada')).toBe('~');
  expect(toShortPath('/home/adamant')).toBe('~');
  expect(toShortPath('/root/x')).toBe('~/x');
  expect(toShortPath('/rooted/x')).toBe('/rooted/x');
  expect(toShortPath('/srv/a/b/c/d')).toBe('…/b/c/d');
});

it('names a folder by its last part, on any platform', () => {
  expect(toFolderName('/home/ada/atlas/')).toBe('atlas');
  expect(toFolderName('C:\\code\\atlas')).toBe('atlas');
  expect(toFolderName('/')).toBe('/');
});

it('takes markdown out of a preview and leaves the words', () => {
  expect(toPlainPreview('## Done\n\n- **All** tests pass\n- see [the log](http://x)')).toBe(
    'Done All tests pass see the log',
  );
  expect(toPlainPreview('Run `npm test` and *wait*.\n```sh\nls\n```')).toBe('Run npm test and wait. ls');
  expect(toPlainPreview('snake_case_name stays, 2 * 3 * 4 too')).toBe('snake_case_name stays, 2 * 3 * 4 too');
});

it('names models as the agent does, or by their id', () => {
  expect(toModelName(toTestSession({ model: 'm-1', modelTitle: 'Model One' }))).toBe('Model One');
  expect(toModelName(toTestSession({ model: 'claude-x-20250101' }))).toBe('claude-x');
  expect(toModelName(toTestSession())).toBeUndefined();
});

it('never shows more than the whole context', () => {
  expect(toContextPercent({ used: 50, size: 200 })).toBe(25);
  expect(toContextPercent({ used: 300, size: 200 })).toBe(100);
});

it('names an agent it does not know', () => {
  expect(toAgentTitle('claude')).toBe('Claude Code');
  expect(toAgentTitle('kiro')).toBe('Kiro');
});

it('steps through a list around its ends', () => {
  expect(toNextId(['a', 'b'], 'b', 1)).toBe('a');
  expect(toNextId(['a', 'b'], 'a', -1)).toBe('b');
  expect(toNextId(['a', 'b'], undefined, 1)).toBe('a');
  expect(toNextId(['a', 'b'], 'gone', -1)).toBe('b');
  expect(toNextId([], 'a', 1)).toBeUndefined();
});
