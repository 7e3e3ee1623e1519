import { type Rehearsal, startRehearsal } from '@baton/rehearsal';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createPlace, openAcp, type OpenAcp, type OpenChoice, type Place, programOf } from './__fixtures__/open-acp.ts';
import { ACP_PRESETS } from './presets.ts';

let rehearsal: Rehearsal;
let place: Place;
const opened: OpenAcp[] = [];

beforeAll(async () => {
  rehearsal = await startRehearsal({ scenario: 'simple' });
});
afterAll(() => rehearsal.close());
beforeEach(async () => {
  place = await createPlace();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ session }) => session.stop()));
  await place.remove();
});

function open(more: Partial<OpenChoice> = {}): OpenAcp {
  const preset = ACP_PRESETS.find(({ id }) => id === 'gemini');
  if (preset === undefined) throw new Error('There is no preset for Gemini CLI');
  const env = { GEMINI_API_KEY: rehearsal.apiKey, GOOGLE_GEMINI_BASE_URL: rehearsal.url };
  const gemini = openAcp({ place, definition: { ...preset, command: programOf('gemini') }, env, ...more });
  opened.push(gemini);
  return gemini;
}

test('says what it is and offers, streams a turn, and ends when told', async () => {
  const gemini = open();
  expect(await gemini.run('hello')).toMatchObject({ outcome: 'completed' });
  await gemini.session.stop();
  console.log(gemini.reports.map((r) => JSON.stringify(r)).join('\n'));
});
