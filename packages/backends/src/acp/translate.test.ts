import { readdir } from 'node:fs/promises';
import type { AgentReport } from '@baton/core';
import { describe, expect, test } from 'vitest';
import { checkLaws, ofType } from '../claude/__fixtures__/play.ts';
import { readRecording, replay } from './__fixtures__/replay.ts';

const FIXTURES = new URL('./__fixtures__/', import.meta.url);
const names = (await readdir(FIXTURES))
  .filter((name) => name.endsWith('.ndjson'))
  .map((name) => name.replace('.ndjson', ''));

const play = async (name: string) => replay(await readRecording(name));
const all = async (name: string): Promise<AgentReport[]> =>
  (await play(name)).conversations.flatMap(({ reports }) => reports);
const tools = (reports: readonly AgentReport[]) =>
  ofType(reports, 'item.ended').flatMap(({ item }) => (item.type === 'tool-call' ? [item] : []));

describe('every recording', () => {
  test.each(names)('%s gives the reports it gave before', async (name) => {
    const golden = (await all(name)).map((report) => JSON.stringify(report)).join('\n');
    await expect(`${golden}\n`).toMatchFileSnapshot(`./__fixtures__/golden/${name}.ndjson`);
  });

  test.each(names)('%s keeps the laws: all that begins ends once, and inside its turn', async (name) => {
    for (const { reports } of (await play(name)).conversations) checkLaws(reports);
  });

  test.each(names)('%s leaves nothing open and nothing unknown', async (name) => {
    const { conversations, unknown } = await play(name);
    for (const { state } of conversations)
      expect(state).toMatchObject({ turn: undefined, texts: {}, prompts: [], tools: {} });
    expect(unknown.filter((method) => !method.startsWith('fs/'))).toEqual([]);
  });
});
