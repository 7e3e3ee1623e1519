import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson } from '@baton/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPlace, type Place } from './__fixtures__/open-acp.ts';
import { mendGeminiHistory, prepareGeminiHistory, tidyGeminiHistory } from './gemini-history.ts';

const ID = '26201205-29a8-4bb1-ba45-58d1247f1925';
const NOW = Date.parse('2026-11-21T11:07:30.000Z');

let place: Place;
let chats: string;
beforeEach(async () => {
  place = await createPlace();
  chats = join(place.home, '.gemini/tmp/project/chats');
  await mkdir(chats, { recursive: true });
});
afterEach(() => place.remove());

const head = (sessionId: string) => JSON.stringify({ sessionId, kind: 'main' });
const context = JSON.stringify({ $set: { messages: [{ type: 'user', content: '<session_context>' }] } });
const message = JSON.stringify({ id: 'a', type: 'user', content: 'hello' });

const write = (minute: string, ...lines: string[]) =>
  writeFile(join(chats, `session-2026-11-21T${minute}-26201205.jsonl`), lines.map((line) => `${line}\n`).join(''));
const list = async () => (await readdir(chats)).sort();
const conversation = () => ({ env: { HOME: place.home }, nativeId: ID, now: NOW });

describe('before Gemini CLI is started', () => {
  test('a file of this minute gets the name of an earlier one, whole', async () => {
    await write('11-07', head(ID), context, message);
    await prepareGeminiHistory(conversation());
    expect(await list()).toEqual(['session-2026-11-21T11-06-26201205.jsonl']);
    expect(await readFile(join(chats, 'session-2026-11-21T11-06-26201205.jsonl'), 'utf8')).toContain(message);
  });

  test('so does one of the next minute, and none is overwritten', async () => {
    await write('11-06', head(ID), message);
    await write('11-07', head(ID), message);
    await write('11-08', head(ID), message);
    await prepareGeminiHistory(conversation());
    expect((await list()).map((name) => name.slice(19, 24))).toEqual(['11-04', '11-05', '11-06']);
  });

  test('an older one stays', async () => {
    await write('10-00', head(ID), message);
    await prepareGeminiHistory(conversation());
    expect(await list()).toEqual(['session-2026-11-21T10-00-26201205.jsonl']);
  });

  test('empty files beside it go, because they would take it with them', async () => {
    await write('10-00', head(ID), context, message);
    await write('10-30', head(ID), context);
    await prepareGeminiHistory(conversation());
    expect(await list()).toEqual(['session-2026-11-21T10-00-26201205.jsonl']);
  });

  test('what belongs to another conversation, or is all there is, is left alone', async () => {
    await write('10-00', head('26201205-ffff-4bb1-ba45-58d1247f1925'), message);
    await write('10-30', head(ID), context);
    await writeFile(join(chats, 'notes.txt'), 'mine');
    const before = await list();
    await prepareGeminiHistory(conversation());
    expect(await list()).toEqual(before);
    await prepareGeminiHistory({ ...conversation(), env: { HOME: join(place.home, 'none') } });
  });
});

test('after the conversation was found, the empty file that this made goes', async () => {
  await write('11-06', head(ID), context, message);
  await write('11-07', head(ID), context);
  await tidyGeminiHistory(conversation());
  expect(await list()).toEqual(['session-2026-11-21T11-06-26201205.jsonl']);
});

describe('results that are stored twice', () => {
  const result = [{ functionResponse: { id: 'x', name: 'run', response: {} } }];
  const ran = JSON.stringify({ id: 'b', type: 'gemini', content: '', toolCalls: [{ id: 'x', name: 'run', result }] });
  const doubled = JSON.stringify({ id: 'c', type: 'user', content: result });
  const path = () => join(chats, 'session-2026-11-21T10-00-26201205.jsonl');

  test.each([
    ['before Gemini CLI is started', prepareGeminiHistory],
    ['when it has ended', mendGeminiHistory],
  ])('are said once, %s, also after a line that was cut off', async (_, mend) => {
    await write('10-00', head(ID), message, ran, doubled);
    await writeFile(path(), '{"id":"d","type":"us', { flag: 'a' });
    await mend(conversation());
    const mended = await readFile(path(), 'utf8');
    const last = mended.trimEnd().split('\n').at(-1) ?? '';
    expect(parseJson(last)).toEqual({ ok: true, value: { $set: { messages: [message, ran].map(toValue) } } });
    await mend(conversation());
    expect(await readFile(path(), 'utf8')).toBe(mended);
  });

  test('a file without any is left as it is', async () => {
    await write('10-00', head(ID), message, ran);
    const before = await readFile(path(), 'utf8');
    await mendGeminiHistory(conversation());
    expect(await readFile(path(), 'utf8')).toBe(before);
  });
});

describe('what ends a line where it is read back', () => {
  const before = { id: 'a', type: 'user', content: 'hello' };
  const said = { id: 'b', type: 'user', content: 'one\u2028two\u2029three' };
  const path = () => join(chats, 'session-2026-11-21T10-00-26201205.jsonl');

  test.each([
    ['in a message', `${JSON.stringify(before)}\n${JSON.stringify(said)}`],
    ['in a history that was rewritten', JSON.stringify({ $set: { messages: [before, said] } })],
  ])('is written so that it does not, %s, once', async (_, line) => {
    await write('10-00', head(ID), line);
    await prepareGeminiHistory(conversation());
    const mended = await readFile(path(), 'utf8');
    const last = mended.trimEnd().split('\n').at(-1) ?? '';
    expect(last).not.toMatch(/[\u2028\u2029]/);
    expect(toValue(last)).toEqual({ $set: { messages: [before, said] } });
    await mendGeminiHistory(conversation());
    expect(await readFile(path(), 'utf8')).toBe(mended);
  });
});

function toValue(line: string): unknown {
  const parsed = parseJson(line);
  return parsed.ok ? parsed.value : undefined;
}
