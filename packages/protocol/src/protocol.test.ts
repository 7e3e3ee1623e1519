import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  AppError,
  ERRORS,
  MAX_PROMPT_CHARS,
  commandSchema,
  createId,
  downFrameSchema,
  isAppError,
  parseJson,
  problemSchema,
  ROUTES,
  sessionIdSchema,
  toAppError,
  toInvalidInput,
  toProblem,
  upFrameSchema,
} from './index.ts';

describe('ids', () => {
  test('are TypeIDs that sort by time and are never the same', () => {
    const ids = Array.from({ length: 500 }, () => createId('session'));
    expect(new Set(ids).size).toBe(500);
    for (const id of ids) expect(id).toMatch(/^ses_[0-7][0-9a-hjkmnp-tv-z]{25}$/);
    const [first, last] = [ids[0] ?? '', ids.at(-1) ?? ''];
    expect(first.slice(0, 12) <= last.slice(0, 12)).toBe(true);
  });

  test.each(['', 'ses_', 'trn_1', 'ses_a b', 'ses_../../etc', `ses_${'a'.repeat(65)}`, '__proto__'])(
    '%j is no session id',
    (text) => {
      expect(sessionIdSchema.safeParse(text).success).toBe(false);
    },
  );
});

describe('a command', () => {
  const start = { type: 'turn.start', sessionId: 'ses_1' };
  test('takes a prompt as a string or as parts', () => {
    const text = commandSchema.parse({ ...start, input: 'hello' });
    expect(text).toEqual({ ...start, input: [{ type: 'text', text: 'hello' }] });
    const image = { type: 'image', mediaType: 'image/png', data: 'aGk=' };
    expect(commandSchema.parse({ ...start, input: [image] })).toEqual({ ...start, input: [image] });
  });

  test.each([
    { ...start, input: '' },
    { ...start, input: '  \n ' },
    { ...start, input: [] },
    { ...start, input: [{ type: 'text', text: ' ' }] },
    { ...start, input: [{ type: 'image', mediaType: 'image/svg+xml', data: 'aGk=' }] },
    { ...start, input: [{ type: 'image', mediaType: 'image/png', data: 'not base64!' }] },
    { ...start, input: 'x', mode: 'plan' },
    { ...start },
    { type: 'turn.begin', sessionId: 'ses_1', input: 'x' },
    { type: 'session.create', backend: 'claude', cwd: '/work', env: { TOKEN: 'a\0b' } },
    { type: 'session.create', backend: 'claude', cwd: '/work', model: 'a\0b' },
    { type: 'session.configure', sessionId: 'ses_1', model: 'a\0b' },
    null,
    [],
  ])('that is wrong is not read: %j', (value) => {
    expect(commandSchema.safeParse(value).success).toBe(false);
  });

  test('names the place of a mistake', () => {
    const parsed = commandSchema.safeParse({ ...start, input: 'x', mode: 'plan' });
    expect(parsed.success).toBe(false);
    const error = toInvalidInput('the command', parsed.error ?? failed());
    expect(toProblem(error)).toMatchObject({
      kind: 'invalid-input',
      status: 400,
      detail: expect.stringContaining('mode'),
    });
  });

  test.each([
    { name: 'a prompt that is too long', input: 'x'.repeat(MAX_PROMPT_CHARS + 1), path: 'input', message: 'Too big' },
    { name: 'a part of an unknown type', input: [{ type: 'video' }], path: 'input[0].type', message: 'Invalid' },
    { name: 'no prompt at all', input: undefined, path: 'input', message: 'Invalid input' },
  ])('says of $name what is wrong with it', ({ input, path, message }) => {
    const parsed = commandSchema.safeParse({ ...start, input });
    const [issue] = toProblem(toInvalidInput('the command', parsed.error ?? failed())).issues ?? [];
    expect(issue).toMatchObject({ path, message: expect.stringContaining(message) });
  });
});

describe('errors', () => {
  test.each(Object.keys(ERRORS) as (keyof typeof ERRORS)[])('%s makes a problem document', (kind) => {
    const problem = toProblem(new AppError(kind, 'Cannot do it: it is late'));
    expect(problemSchema.parse(problem)).toEqual(problem);
    expect(problem.status).toBeGreaterThanOrEqual(400);
  });

  test('that are not ours tell nothing of their inside', () => {
    const error = toAppError(new Error('password is hunter2'));
    expect(isAppError(error)).toBe(true);
    expect(JSON.stringify(toProblem(error))).not.toContain('hunter2');
    expect(error.cause).toBeInstanceOf(Error);
  });
});

describe('frames', () => {
  test('fill in what may be left out', () => {
    expect(upFrameSchema.parse({ type: 'subscribe', sessionId: 'ses_1' })).toMatchObject({ after: 0 });
    expect(upFrameSchema.parse({ type: 'hello', protocol: '1', client: { name: 'x', version: '2' } })).toMatchObject({
      protocol: 1,
    });
  });

  test.each(['welcome', 'event', 'delta', 'caught-up', 'receipt', 'topic', 'reset', 'error', 'pong'])(
    'down has %s',
    (type) => {
      expect(JSON.stringify(z.toJSONSchema(downFrameSchema))).toContain(`"const":"${type}"`);
    },
  );
});

test('every route has its own method and path', () => {
  const all = Object.values(ROUTES).map((route) => `${route.method} ${route.path}`);
  expect(new Set(all).size).toBe(all.length);
});

test('JSON that is broken is a value, not an exception', () => {
  expect(parseJson('{"a":')).toMatchObject({ ok: false });
  expect(parseJson('{"a":1}')).toEqual({ ok: true, value: { a: 1 } });
});

function failed(): never {
  throw new Error('it was read');
}
