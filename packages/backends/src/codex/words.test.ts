import { describe, expect, test } from 'vitest';
import { toCommandText } from './command-text.ts';
import { toFailure } from './failure.ts';
import { checkMode, toMode, toStance } from './modes.ts';
import { toRequest } from './prompt-input.ts';

test.each([
  ["/bin/bash -lc 'ls -la'", 'ls -la'],
  ["/bin/bash -lc 'echo '\\''a'\\'' > b'", "echo 'a' > b"],
  [`/bin/bash -lc 'env | grep '"'A|B'; sleep 1"`, "env | grep 'A|B'; sleep 1"],
  ['/usr/bin/zsh -c "echo \\"$HOME\\""', 'echo "$HOME"'],
  ['bash -lc ls', 'ls'],
  ['git status', 'git status'],
  ["/bin/bash -lc 'unfinished", "/bin/bash -lc 'unfinished"],
])('shows %s as a person would type it', (command, shown) => {
  expect(toCommandText(command)).toBe(shown);
});

test.each([
  ['unauthorized', 'x', 'backend-not-authenticated'],
  [{ httpConnectionFailed: { httpStatusCode: 403 } }, 'x', 'backend-not-authenticated'],
  ['usageLimitExceeded', 'x', 'quota-exceeded'],
  [{ responseTooManyFailedAttempts: { httpStatusCode: 429 } }, 'x', 'rate-limited'],
  ['serverOverloaded', 'x', 'model-failed'],
  ['a word of a later version', 'x', 'model-failed'],
  [null, 'unexpected status 401 Unauthorized', 'backend-not-authenticated'],
])('knows what %o means', (codexErrorInfo, message, kind) => {
  const failure = toFailure({ message, codexErrorInfo });
  expect(failure).toMatchObject({ kind, message: expect.stringMatching(/\. \S.*\.$/) });
});

test('says what a provider said, without the document around it', () => {
  const { message } = toFailure({
    message: '{"error":{"message":"No \\"such\\" thing","type":"x"}}',
    codexErrorInfo: 'other',
  });
  expect(message).toBe('The model failed: No "such" thing. Send the prompt again.');
});

describe('modes', () => {
  test('ask before each command where nothing confines it', () => {
    for (const mode of ['ask', 'auto', 'read-only', 'plan'])
      expect(toStance(mode, false).approvalPolicy).toBe('untrusted');
    expect(toStance('full-access', false).approvalPolicy).toBe('never');
  });

  test('are known again by what Codex says it does', () => {
    expect(toMode('untrusted', 'workspaceWrite')).toBe('ask');
    expect(toMode('on-request', 'readOnly')).toBe('read-only');
    expect(toMode('never', 'readOnly')).toBeUndefined();
  });

  test('are refused when there is no such one', () => {
    expect(() => checkMode('yolo')).toThrow('it knows ask, auto');
  });
});

describe('a prompt', () => {
  const skills = [{ name: 'deploy', description: '', path: '/s/SKILL.md' }];
  const text = (words: string) => [{ type: 'text' as const, text: words }];

  test('is the command it names, where there is one', () => {
    expect(toRequest(text('/compact'), skills)).toEqual({ type: 'compact' });
    const target = (words: string) => {
      const request = toRequest(text(`/review ${words}`), skills);
      return request.type === 'review' ? request.target : request;
    };
    expect(target('')).toEqual({ type: 'uncommittedChanges' });
    expect(target('the parser')).toEqual({ type: 'custom', instructions: 'the parser' });
    expect(target('branch feature/new')).toEqual({ type: 'baseBranch', branch: 'feature/new' });
    expect(target('commit 88f04b2c')).toEqual({ type: 'commit', sha: '88f04b2c' });
    expect(target('commit messages')).toEqual({ type: 'custom', instructions: 'commit messages' });
    expect(target('branch names of mine')).toEqual({ type: 'custom', instructions: 'branch names of mine' });
    expect(toRequest(text('/deploy to staging'), skills)).toMatchObject({
      type: 'prompt',
      input: [{ text: 'to staging' }, { type: 'skill', path: '/s/SKILL.md' }],
    });
  });

  test('is words otherwise', () => {
    expect(toRequest(text('/unknown thing'), skills)).toMatchObject({
      type: 'prompt',
      input: [{ text: '/unknown thing' }],
    });
  });
});
