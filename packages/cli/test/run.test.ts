import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson, recordedEventSchema } from '@baton/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFakeTerminal } from './fake-terminal.ts';
import { createWorkplace, type Workplace } from './workplace.ts';

let place: Workplace;

beforeEach(async () => {
  place = await createWorkplace();
});

afterEach(() => place.close());

test('a turn that completes prints the words to standard output and ends with 0', async () => {
  await place.serve();
  const terminal = createFakeTerminal();
  expect(await place.baton(['run', '-b', 'worker', '[scene simple] Say hello'], terminal)).toBe(0);
  expect(terminal.printed).toBe('Hello from the rehearsal. I heard you.\n');
  expect(terminal.said).toMatch(/^✓ .* tokens/m);
});

test('without a server one is started for the run', async () => {
  const terminal = createFakeTerminal();
  expect(await place.baton(['run', '-b', 'worker', '[scene simple] hi'], terminal)).toBe(0);
  expect(terminal.said).toContain('No server is running');
  expect(await place.baton(['ls'])).toBe(5);
});

test('where no model is set up the first run is a rehearsal, and says so', async () => {
  await place.serve();
  const terminal = createFakeTerminal();
  expect(await place.baton(['run', '--approve', 'deny', 'hello'], terminal)).toBe(0);
  expect(terminal.said).toContain('a rehearsal answers, from a script');
  expect(terminal.printed).toContain('rehearsal');
});

test('the prompt may be piped in, also below words', async () => {
  await place.serve();
  const terminal = createFakeTerminal({ input: 'the piped part' });
  expect(await place.baton(['run', '-b', 'worker', '[scene simple] the typed part', '-'], terminal)).toBe(0);
  const list = createFakeTerminal();
  await place.baton(['ls', '--json'], list);
  const attached = createFakeTerminal();
  expect(await place.baton(['attach', readSessions(list.printed)[0]?.id ?? ''], attached)).toBe(0);
  expect(attached.said).toContain('> [scene simple] the typed part\\n\\nthe piped part');
});

test.each([
  { args: ['run'], input: '  \n', why: 'the prompt is empty' },
  { args: ['run', '--approve', 'maybe', 'x'], input: '', why: 'Allowed choices are' },
  { args: ['run', '--nonsense'], input: '', why: 'unknown option' },
  { args: ['nonsense'], input: '', why: 'unknown command' },
  { args: ['attach'], input: '', why: 'missing required argument' },
  { args: ['rehearse', 'simple'], input: '', why: 'Say which scenario and which command' },
  { args: ['serve', '--port', 'abc'], input: '', why: 'not a port' },
  { args: ['ls', '--url', 'http://127.0.0.1:1'], input: '', why: 'give its key' },
  { args: ['ls', '--url', 'nowhere', '--key', 'k'], input: '', why: 'not the address of a server' },
])('$args is wrong usage', async ({ args, input, why }) => {
  const terminal = createFakeTerminal({ input });
  expect(await place.baton(args, terminal)).toBe(2);
  expect(terminal.said).toContain(why);
});

test('nobody to ask: it is denied, said so, and ends with 4', async () => {
  await place.serve();
  const terminal = createFakeTerminal();
  expect(await place.baton(['run', '-b', 'worker', '[scene approval] go'], terminal)).toBe(4);
  expect(terminal.said).toContain('needs an answer and nobody can be asked here: denied');
});

test('a policy answers instead', async () => {
  await place.serve();
  const allowed = createFakeTerminal();
  expect(await place.baton(['run', '-b', 'worker', '--approve', 'allow-once', '[scene approval] go'], allowed)).toBe(0);
  expect(allowed.said).toMatch(/^✓ printf/m);
  const denied = createFakeTerminal();
  expect(await place.baton(['run', '-b', 'worker', '--approve', 'deny', '[scene approval] go'], denied)).toBe(0);
  expect(denied.said).toMatch(/^✗ printf.* {2}denied/m);
});

test("a person is asked with the agent's own options", async () => {
  await place.serve();
  const terminal = createFakeTerminal({ answers: ['what?', '1', '', ''] });
  expect(await place.baton(['run', '-b', 'worker', '[scene approval] go'], terminal)).toBe(0);
  expect(terminal.questions[0]).toMatch(/Answer \(1-\d\)/);
  expect(terminal.said).toMatch(/\? printf[^]*\n {2}command: printf[^]*\n {2}1 Allow once\n/);
  expect(terminal.said).toMatch(/^✓ printf/m);
});

test('a question is asked and answered', async () => {
  await place.serve();
  const terminal = createFakeTerminal({ answers: ['2', '1,3'] });
  expect(await place.baton(['run', '-b', 'worker', '[scene question] go'], terminal)).toBe(0);
  expect(terminal.said).toContain('? Which colour shall it be?');
  expect(terminal.printed).toMatch(/The answer was: .*Blue[^]*Docs/);
});

test('a question nobody can answer interrupts the turn and ends with 4', async () => {
  await place.serve();
  const terminal = createFakeTerminal();
  expect(await place.baton(['run', '-b', 'worker', '[scene question] go'], terminal)).toBe(4);
  expect(terminal.said).toContain('nobody can answer here');
});

test('a turn that fails says why and ends with 1', async () => {
  await place.serve();
  const terminal = createFakeTerminal();
  expect(await place.baton(['run', '-b', 'worker', '[scene errors] 401'], terminal)).toBe(1);
  expect(terminal.said).toMatch(/^✗ /m);
});

test('an agent that does not start says why once', async () => {
  await place.serve();
  const command = join(place.home, 'loud');
  await writeFile(command, '#!/bin/sh\necho "no licence" >&2\nexit 4\n', { mode: 0o755 });
  await place.baton(['agents', 'add', 'loud', command]);
  const terminal = createFakeTerminal();
  expect(await place.baton(['run', '-b', 'loud', 'hello'], terminal)).toBe(1);
  expect(terminal.said.match(/✗ .*no licence/g)).toHaveLength(1);
});

test('an unknown agent and a forbidden folder are refused', async () => {
  await place.serve();
  const terminal = createFakeTerminal();
  expect(await place.baton(['run', '-b', 'nobody', 'hi'], terminal)).not.toBe(0);
  expect(terminal.said).toContain('nobody');
  expect(await place.baton(['run', '-b', 'worker', '-C', '/', 'hi'], terminal)).toBe(1);
});

test('Ctrl+C interrupts the turn, and the code says so', async () => {
  await place.serve();
  const terminal = createFakeTerminal();
  const code = place.baton(['run', '-b', 'worker', '[scene long-stream] go'], terminal);
  await terminal.shows(/The story begins/);
  terminal.interrupt();
  expect(await code).toBe(3);
  expect(terminal.said).toContain('Interrupted');
});

test('a second Ctrl+C leaves the session to itself', async () => {
  await place.serve();
  const terminal = createFakeTerminal();
  const code = place.baton(['run', '-b', 'worker', '[scene long-stream] go'], terminal);
  await terminal.shows(/The story begins/);
  terminal.interrupt();
  terminal.interrupt();
  expect([3, 130]).toContain(await code);
});

test('--json prints every event, one per line, from the first on', async () => {
  await place.serve();
  const terminal = createFakeTerminal();
  expect(await place.baton(['run', '--json', '-b', 'worker', '[scene simple] hi'], terminal)).toBe(0);
  const events = terminal.printed
    .trimEnd()
    .split('\n')
    .map((line) => {
      const parsed = parseJson(line);
      return recordedEventSchema.parse(parsed.ok ? parsed.value : undefined);
    });
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(events[0]?.event.type).toBe('session.created');
  expect(events.map(({ event }) => event.type)).toContain('turn.ended');
});

test('a session can be gone on with', async () => {
  await place.serve();
  await place.baton(['run', '-b', 'worker', '[scene simple] one']);
  const list = createFakeTerminal();
  await place.baton(['ls', '--json'], list);
  const [session] = readSessions(list.printed);
  const terminal = createFakeTerminal();
  expect(await place.baton(['run', '-s', session?.id ?? '', '[scene simple] two'], terminal)).toBe(0);
  expect(terminal.printed).toBe('Hello from the rehearsal. I heard you.\n');
});

function readSessions(text: string): { id: string }[] {
  const parsed = parseJson(text);
  return parsed.ok && Array.isArray(parsed.value) ? parsed.value.flatMap((each) => (hasId(each) ? [each] : [])) : [];
}

function hasId(value: unknown): value is { id: string } {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';
}
