import { spawn, type ChildProcess } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseJson } from '@baton/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorkplace, type Workplace } from './workplace.ts';

const MAIN = join(dirname(fileURLToPath(import.meta.url)), '../src/main.ts');

let place: Workplace;
let children: ChildProcess[];

beforeEach(async () => {
  place = await createWorkplace();
  children = [];
});

afterEach(async () => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
  await place.close();
});

// The real program, as a shell would start it with pipes.
function start(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...place.env, ...env }, cwd: place.cwd });
  children.push(child);
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const shows = (pattern: RegExp) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (!pattern.test(output) && !pattern.test(errors)) return;
        child.stdout.off('data', check);
        child.stderr.off('data', check);
        resolve();
      };
      child.stdout.on('data', check);
      child.stderr.on('data', check);
      check();
    });
  return { child, ended, shows, output: () => output, errors: () => errors };
}

test('serve prints the link, serves, and stops on SIGTERM with 0', async () => {
  const server = start(['serve']);
  await server.shows(/Sign in .*http:\/\/127\.0\.0\.1:\d+\/#key=\S+\n/);
  await server.shows(/Data +\S+\n/);
  expect(server.output()).toContain(place.env['BATON_DATA']);
  expect(await place.baton(['ls'])).toBe(0);
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
  expect(await place.baton(['ls'])).toBe(5);
});

test('a signal that arrives by several ways at once is one signal', async () => {
  const server = start(['serve']);
  await server.shows(/Sign in /);
  for (let way = 0; way < 3; way += 1) server.child.kill('SIGTERM');
  await server.shows(/Stopping/);
  server.child.kill('SIGINT');
  expect(await server.ended).toBe(0);
  expect(server.errors()).not.toContain('at once');
});

test('a second server on the same data is refused and names the first', async () => {
  await place.serve();
  const second = start(['serve']);
  expect(await second.ended).toBe(1);
  expect(second.errors()).toContain(`pid ${process.pid}`);
});

test('piped output has no colours, and the prompt may come through the pipe', async () => {
  await place.serve();
  const run = start(['run', '-b', 'worker']);
  run.child.stdin?.end('[scene simple] from the pipe');
  expect(await run.ended).toBe(0);
  expect(run.output()).toBe('Hello from the rehearsal. I heard you.\n');
  expect(run.errors()).not.toContain('\u001b');
  expect(run.errors()).not.toContain('key=');
});

test('what an agent says drives no terminal and ends no line, in JSON neither', async () => {
  await place.serve();
  const words = '\u001b[2J\u009b31m\u2028\u0085';
  const run = start(['run', '--json', '-b', 'worker', `[scene echo] ${words}`]);
  expect(await run.ended).toBe(0);
  expect(run.output()).not.toMatch(/[\u001b\u0080-\u009f\u2028\u2029]/);
  const lines = run.output().trimEnd().split('\n');
  expect(lines.some((line) => JSON.stringify(parseJson(line)).includes(JSON.stringify(words).slice(1, -1)))).toBe(true);
  const wrong = start(['attach', `ses_${words}`]);
  expect(await wrong.ended).not.toBe(0);
  expect(wrong.errors()).not.toMatch(/[\u001b\u0080-\u009f\u2028\u2029]/);
});

test('a real SIGINT interrupts the turn', async () => {
  await place.serve();
  const run = start(['run', '-b', 'worker', '[scene long-stream] go']);
  await run.shows(/The story begins/);
  run.child.kill('SIGINT');
  expect(await run.ended).toBe(3);
});

test('a reader that goes away ends the program without a stack trace', async () => {
  await place.serve();
  const run = start(['run', '--json', '-b', 'worker', '[scene long-stream] go']);
  await run.shows(/session\.created/);
  run.child.stdout?.destroy();
  expect(await run.ended).toBe(0);
  expect(run.errors()).toBe('');
});

test('rehearse gives a command the scripted model and its own exit code', async () => {
  const script = `
    const answer = await fetch(process.env.ANTHROPIC_BASE_URL + '/v1/messages', {
      method: 'POST',
      headers: { 'x-api-key': process.env.ANTHROPIC_API_KEY, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] }),
    });
    console.log((await answer.json()).content.at(-1).text);
    process.exit(7);`;
  const run = start(['rehearse', 'simple', '--', process.execPath, '--input-type=module', '-e', script]);
  expect(await run.ended).toBe(7);
  expect(run.output()).toContain('Hello from the rehearsal');
  const list = start(['rehearse', '--list']);
  expect(await list.ended).toBe(0);
  expect(list.output()).toContain('first-session');
});
