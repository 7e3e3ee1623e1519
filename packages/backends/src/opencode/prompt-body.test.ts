import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findPoint } from './conversation.ts';
import { createMessageId } from './message-id.ts';
import { toCommand, toModelRef, toPromptParts } from './prompt-body.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prompt-body-'));
  await writeFile(join(folder, 'a b.txt'), 'x');
});
afterAll(() => rm(folder, { recursive: true }));

test('files are attached, folders too, and what is not there is only mentioned', async () => {
  const parts = await toPromptParts(
    [
      { type: 'file', path: 'a b.txt' },
      { type: 'file', path: '.' },
      { type: 'file', path: 'gone.txt' },
      { type: 'image', mediaType: 'image/png', data: 'AAAA' },
    ],
    folder,
  );
  expect(parts).toMatchObject([
    { type: 'file', mime: 'text/plain', url: expect.stringMatching(/^file:.*a%20b\.txt$/), filename: 'a b.txt' },
    { type: 'file', mime: 'application/x-directory' },
    { type: 'text', text: '@gone.txt' },
    { type: 'file', mime: 'image/png', url: 'data:image/png;base64,AAAA' },
  ]);
});

test('a slash begins a command only where OpenCode has it', () => {
  const text = (value: string) => [{ type: 'text' as const, text: value }];
  expect(toCommand(text('/review the last commit\nplease'), ['review'])).toEqual({
    name: 'review',
    arguments: 'the last commit\nplease',
  });
  expect(toCommand(text('/review'), ['review'])).toEqual({ name: 'review', arguments: '' });
  expect(toCommand(text('/etc/hosts is odd'), ['review'])).toBeUndefined();
  expect(toCommand([...text('/review'), ...text('and more')], ['review'])).toBeUndefined();
});

test('a model may have slashes of its own', () => {
  expect(toModelRef('openrouter/meta/llama')).toEqual({ providerID: 'openrouter', modelID: 'meta/llama' });
});

test('ids of messages grow, within a millisecond too, and look like those of OpenCode', () => {
  const ids = [
    createMessageId(1_795_259_316_643),
    createMessageId(1_795_259_316_643),
    createMessageId(1_795_259_316_644),
  ];
  expect(ids).toEqual([...ids].sort());
  expect(ids[0]).toMatch(/^msg_1fdcb39[0-9a-f]{5}[0-9A-Za-z]{14}$/);
});

test('a point is found by its id, or in a fork by its time', () => {
  const message = (id: string, created: number) => ({
    ...{ id, sessionID: 's', role: 'assistant' as const, cost: 0 },
    time: { created },
  });
  const messages = [message('msg_1', 5), message('msg_2', 6)];
  expect(findPoint(messages, 'msg_2@6')).toBe(1);
  expect(findPoint(messages, 'msg_other@5')).toBe(0);
  expect(findPoint(messages, 'msg_other@7')).toBe(-1);
});
