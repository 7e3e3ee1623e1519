import { describe, expect, test } from 'vitest';
import { type GeminiRawMessage, mendGeminiMessages, toGeminiMessages } from './mend-gemini-messages.ts';

const response = (id: string, output = id) => ({ functionResponse: { id, name: 'run', response: { output } } });
const functionCall = (id: string) => ({ functionCall: { id, name: 'run', args: {} } });
const call = (id: string, ...result: unknown[]) => ({
  id,
  name: 'run',
  args: {},
  ...(result.length > 0 && { result }),
});
const says = (id: string, more: Partial<GeminiRawMessage>) => ({ id, type: 'gemini', content: '', ...more });
const hears = (id: string, ...content: unknown[]) => ({ id, type: 'user', content });
const PROMPT = hears('p', { text: 'Please run it' });

/** How often each call is answered when Gemini CLI finds these again: by the calls themselves, and by what is stored beside them. */
function countAnswers(messages: readonly GeminiRawMessage[]): Record<string, number> {
  const parts = messages.flatMap(({ type, content, toolCalls = [] }) =>
    type === 'user' ? [content].flat() : toolCalls.flatMap(({ result }) => result),
  );
  const ids = [...JSON.stringify(parts).matchAll(/"functionResponse":\{"id":"(\w+)"/g)].map(([, id = '']) => id);
  return Object.fromEntries([...new Set(ids)].map((id) => [id, ids.filter((each) => each === id).length]));
}

describe('a conversation that Gemini CLI finds again', () => {
  test('what is right stays as it is', () => {
    expect(mendGeminiMessages([PROMPT, says('g', { toolCalls: [call('a', response('a'))] }), says('h', {})])).toBe(
      undefined,
    );
    expect(mendGeminiMessages([PROMPT, says('g', { toolCalls: [call('a')] }), hears('r', response('a'))])).toBe(
      undefined,
    );
    expect(mendGeminiMessages([PROMPT, says('g', { toolCalls: [{ ...call('a'), result: 'words' }] })])).toBe(undefined);
  });

  test('a result that is stored beside its call too is there once', () => {
    const calls = says('g', { toolCalls: [call('a', response('a')), call('b', response('b'))], model: 'x' });
    const mended = mendGeminiMessages([PROMPT, calls, hears('r', response('a'), response('b')), says('h', {})]);
    expect(mended).toEqual([PROMPT, calls, says('h', {})]);
  });

  test('words of the user beside a result stay', () => {
    const calls = says('g', { toolCalls: [call('a', response('a'))] });
    const image = { inlineData: { mimeType: 'image/png', data: '' } };
    const mended = mendGeminiMessages([PROMPT, calls, hears('r', response('a'), image, { text: 'And be quick' })]);
    expect(mended).toEqual([PROMPT, calls, hears('r', { text: 'And be quick' })]);
  });

  test('of the results of all, each call keeps its own, with what belongs to it', () => {
    const all = [response('a'), { inlineData: { mimeType: 'image/png', data: '' } }, response('b')];
    const mended = mendGeminiMessages([says('g', { toolCalls: [call('a', ...all), call('b', ...all)] })]);
    expect(mended).toEqual([says('g', { toolCalls: [call('a', ...all.slice(0, 2)), call('b', response('b'))] })]);
  });

  test('a call that nobody answered was interrupted, wherever it is noted', () => {
    const noted = says('g', { toolCalls: [call('a', response('a')), call('b')] });
    const said = says('h', { content: [functionCall('c'), functionCall('d')] });
    const mended = mendGeminiMessages([PROMPT, noted, said, hears('r', response('d'))]);
    expect(countAnswers(mended ?? [])).toEqual({ a: 1, b: 1, c: 1, d: 1 });
    expect(JSON.stringify(mended)).toContain('It was interrupted, and nobody knows how far it came.');
  });

  test('what was mended is mended no more', () => {
    const broken = [
      PROMPT,
      says('g', { content: [functionCall('a'), functionCall('b')], toolCalls: [call('a', response('a'))] }),
      hears('r', response('a')),
    ];
    const mended = mendGeminiMessages(broken);
    expect(countAnswers(mended ?? [])).toEqual({ a: 1, b: 1 });
    expect(mendGeminiMessages(mended ?? [])).toBe(undefined);
  });
});

describe('the lines of a chat file', () => {
  const ids = (...lines: unknown[]) => toGeminiMessages(lines)?.map(({ id }) => id);
  const [a, b, c] = [hears('a'), says('b', {}), hears('c')];

  test('a later one replaces or takes back earlier ones', () => {
    expect(ids({ sessionId: 's', messages: [a] }, b, { ...b, content: 'more' })).toEqual(['a', 'b']);
    expect(ids(a, b, { $set: { lastUpdated: 'now' } }, { $set: { messages: [c] } })).toEqual(['c']);
    expect(ids(a, b, c, { $rewindTo: 'b' })).toEqual(['a']);
    expect(ids(a, b, { $rewindTo: 'unknown' }, c)).toEqual(['c']);
  });

  test('one that is like none we know leaves them all alone', () => {
    expect(ids(a, { id: 'b', type: 7 })).toBe(undefined);
    expect(ids(a, { id: 'b', type: 'gemini', toolCalls: [{ id: 4 }] })).toBe(undefined);
  });
});
