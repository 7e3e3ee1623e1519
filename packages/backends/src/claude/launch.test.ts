import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RecordedEvent, recordedEventSchema } from '@baton/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canBeginUnasked, toArguments, toClaudeEnvironment } from './launch.ts';
import { canBypass, checkMode } from './modes.ts';
import { chooseConversation, toProjectFolder } from './resume.ts';
import { toUserLine } from './user-line.ts';

const NEW = { type: 'new', id: '11111111-2222-4333-8444-555555555555' } as const;

test('a first turn goes before the question what it offers only where that is known to lose nothing', () => {
  const versions = ['2.1.329', '2.1.330', '2.2.0', '3.0.0', '2.1.329-beta'];
  expect(versions.map(canBeginUnasked)).toEqual(versions.map(() => true));
  const others = ['2.1.328', '2.1.197', '2.0.999', '1.9.9', 'unknown', '', '2.1'];
  expect(others.map(canBeginUnasked)).toEqual(others.map(() => false));
});

describe('toArguments', () => {
  const line = (choice: Partial<Parameters<typeof toArguments>[0]>) =>
    toArguments({ conversation: NEW, env: {}, ...choice }).join(' ');

  test('begins or resumes, never both', () => {
    expect(line({})).toContain(`--session-id ${NEW.id}`);
    expect(line({})).not.toContain('--resume');
    expect(line({ conversation: { type: 'resume', id: 'abc' } })).toContain('--resume abc');
    expect(line({ conversation: { type: 'resume', id: 'abc' } })).not.toContain('--session-id');
  });

  test('branches another conversation under an id of its own, whole or up to a message', () => {
    const branch = { type: 'branch', id: NEW.id, from: 'abc' } as const;
    expect(line({ conversation: branch })).toContain(`--resume abc --fork-session --session-id ${NEW.id}`);
    expect(line({ conversation: branch })).not.toContain('--resume-session-at');
    expect(line({ conversation: { ...branch, upTo: 'message' } })).toContain('--resume-session-at message');
  });

  test('says how hard to think', () => {
    expect(line({ effort: 'high' })).toContain('--effort high');
    expect(line({})).not.toContain('--effort');
  });

  test('asks for a stream of partial messages and to be asked', () => {
    expect(line({})).toContain('--include-partial-messages --permission-prompt-tool stdio');
    expect(line({})).toContain('cleanupPeriodDays');
    expect(line({ model: 'opus', mode: 'plan' })).toContain('--model opus --permission-mode plan');
  });
});

describe('toClaudeEnvironment', () => {
  test('passes on what is meant for the agent and nothing of an agent that Baton runs under', () => {
    const from = {
      PATH: '/bin',
      ANTHROPIC_API_KEY: 'k',
      ANTHROPIC_BASE_URL: 'http://proxy',
      CLAUDE_CODE_USE_BEDROCK: '1',
      AWS_REGION: 'eu',
      CLAUDECODE: '1',
      CLAUDE_CODE_ENTRYPOINT: 'cli',
      CLAUDE_CODE_SESSION_ID: 'outer',
      BATON_OWNER_KEY: 'secret',
      OPENAI_API_KEY: 'other',
    };
    const env = toClaudeEnvironment(from, {});
    expect(env).toMatchObject({
      PATH: '/bin',
      ANTHROPIC_API_KEY: 'k',
      ANTHROPIC_BASE_URL: 'http://proxy',
      CLAUDE_CODE_USE_BEDROCK: '1',
      AWS_REGION: 'eu',
    });
    expect(Object.keys(env)).not.toContain('CLAUDECODE');
    expect(Object.keys(env)).not.toContain('CLAUDE_CODE_ENTRYPOINT');
    expect(Object.keys(env)).not.toContain('CLAUDE_CODE_SESSION_ID');
    expect(Object.keys(env)).not.toContain('BATON_OWNER_KEY');
    expect(Object.keys(env)).not.toContain('OPENAI_API_KEY');
  });

  test('bounds retries, unless somebody chose', () => {
    expect(toClaudeEnvironment({}, {})['CLAUDE_CODE_MAX_RETRIES']).toBe('3');
    expect(toClaudeEnvironment({ CLAUDE_CODE_MAX_RETRIES: '7' }, {})['CLAUDE_CODE_MAX_RETRIES']).toBe('7');
    expect(
      toClaudeEnvironment({ CLAUDE_CODE_MAX_RETRIES: '7' }, { CLAUDE_CODE_MAX_RETRIES: '1' })[
        'CLAUDE_CODE_MAX_RETRIES'
      ],
    ).toBe('1');
  });
});

describe('checkMode', () => {
  test('knows the modes and names them', () => {
    for (const mode of ['default', 'acceptEdits', 'plan', 'auto', 'dontAsk']) checkMode(mode, {});
    expect(() => checkMode('yolo', {})).toThrow('it knows default, acceptEdits, plan');
  });

  test('lets root bypass permissions only in a sandbox', () => {
    expect(canBypass({}, 0)).toBe(false);
    expect(canBypass({ IS_SANDBOX: '1' }, 0)).toBe(true);
    expect(canBypass({}, 1000)).toBe(true);
  });
});

describe('chooseConversation', () => {
  let home = '';
  const cwd = '/home/user/my project';
  const id = '99999999-2222-4333-8444-555555555555';
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'claude-resume-'));
  });
  afterAll(() => rm(home, { recursive: true }));

  const record = (event: unknown): RecordedEvent =>
    recordedEventSchema.parse({ sessionId: 'ses_1', seq: 1, at: '2026-01-02T03:04:05.000Z', event });
  const said = record({ type: 'turn.ended', turnId: 'trn_1', outcome: 'completed', durationMs: 1 });

  async function choose(
    nativeId: string | undefined,
    history: RecordedEvent[] = [],
    env: Record<string, string> = { HOME: home },
  ) {
    return chooseConversation({
      nativeId,
      cwd,
      env,
      createId: () => NEW.id,
      async *history() {
        yield* history;
      },
    });
  }

  test('begins without an id, and under the id it has when there was never a turn', async () => {
    expect(await choose(undefined)).toEqual(NEW);
    expect(await choose(id)).toEqual({ type: 'new', id });
    expect(await choose('not-a-uuid')).toEqual(NEW);
  });

  test('begins when the first turn died before there was a transcript, whatever was heard of it', async () => {
    const heard = record({ type: 'item.ended', itemId: 'itm_1', item: { type: 'agent-message', text: 'Hel' } });
    const died = record({ type: 'turn.ended', turnId: 'trn_1', outcome: 'failed', durationMs: 1 });
    expect(await choose(id, [heard, died])).toEqual({ type: 'new', id });
  });

  test('resumes what was under way, with or without its transcript', async () => {
    expect(await choose(id, [said])).toEqual({ type: 'resume', id });
    const folder = join(home, '.claude', 'projects', '-somewhere-else');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${id}.jsonl`), '');
    expect(await choose(id)).toEqual({ type: 'resume', id });
    expect(await choose(id, [], { HOME: home, CLAUDE_CONFIG_DIR: join(home, 'other') })).toEqual({ type: 'new', id });
  });

  test('resumes no conversation that another process has open', async () => {
    const folder = join(home, '.claude', 'sessions');
    await mkdir(folder, { recursive: true });
    const note = join(folder, `${process.pid}.json`);
    await writeFile(note, JSON.stringify({ pid: process.pid, sessionId: id }));
    await expect(choose(id, [said])).rejects.toMatchObject({ kind: 'conflict' });
    expect(await choose(NEW.id, [said])).toMatchObject({ type: 'resume' });
    await writeFile(note, JSON.stringify({ pid: process.pid, sessionId: id, procStart: 'another life' }));
    if (process.platform === 'linux') expect(await choose(id, [said])).toMatchObject({ type: 'resume' });
    await rm(note);
  });

  test('waits for a process that has it open and is just ending', async () => {
    const folder = join(home, '.claude', 'sessions');
    await mkdir(folder, { recursive: true });
    const ending = spawn('sleep', ['60']);
    const note = join(folder, `${ending.pid}.json`);
    await writeFile(note, JSON.stringify({ pid: ending.pid, sessionId: id }));
    const choice = choose(id, [said]);
    await sleep(300);
    ending.kill('SIGKILL');
    expect(await choice).toMatchObject({ type: 'resume' });
    await rm(note);
  });

  describe('with a branch', () => {
    const parent = '88888888-2222-4333-8444-555555555555';
    const store = async (of: string) => {
      const folder = join(home, '.claude', 'projects', '-branches');
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, `${of}.jsonl`), '');
    };
    const chooseBranch = (nativeId: string | undefined, point: string | undefined, events: RecordedEvent[] = [said]) =>
      chooseConversation({
        ...{ nativeId, cwd, env: { HOME: home }, createId: () => NEW.id },
        branch: { kind: 'fork', nativeId: parent, point },
        async *history() {
          yield* events;
        },
      });

    test('begins anew when neither conversation ever came to a turn', async () => {
      expect(await chooseBranch(undefined, undefined, [])).toEqual(NEW);
    });

    test('begins from the other, in the conversation that has the message', async () => {
      await store(parent);
      const branch = { type: 'branch', id: NEW.id, from: parent };
      expect(await chooseBranch(undefined, 'm1')).toEqual({ ...branch, upTo: 'm1' });
      expect(await chooseBranch(undefined, undefined)).toEqual({ ...branch, upTo: undefined });
      const older = '77777777-2222-4333-8444-555555555555';
      // The older one is gone: what the other took over of it has the same names.
      expect(await chooseBranch(undefined, `${older}:m1`)).toEqual({ ...branch, upTo: 'm1' });
      await store(older);
      expect(await chooseBranch(undefined, `${older}:m1`)).toEqual({ ...branch, from: older, upTo: 'm1' });
    });

    test('keeps the id it had until it is stored, and is resumed then', async () => {
      const own = '66666666-2222-4333-8444-555555555555';
      expect(await chooseBranch(own, 'm1')).toMatchObject({ type: 'branch', id: own });
      await store(own);
      expect(await chooseBranch(own, 'm1')).toEqual({ type: 'resume', id: own });
      // An id that is in use is not taken for a new one.
      expect(await chooseBranch(parent, 'm1')).toMatchObject({ type: 'branch', id: NEW.id });
    });
  });

  test('knows the folder of a project as the CLI names it', () => {
    expect(toProjectFolder('/a.b_c ü')).toBe('-a-b-c--');
    const long = toProjectFolder(`/${'x'.repeat(250)}`);
    expect(long).toMatch(/^-x{199}-[0-9a-z]+$/);
  });
});

describe('toUserLine', () => {
  test('keeps plain text a string, so that slash commands work', () => {
    expect(toUserLine([{ type: 'text', text: '/compact' }], 'u')).toMatchObject({
      uuid: 'u',
      message: { content: '/compact' },
    });
  });

  test('mentions files and encloses images', () => {
    const files = toUserLine(
      [
        { type: 'text', text: 'see' },
        { type: 'file', path: 'a b.txt' },
        { type: 'file', path: 'c.txt' },
      ],
      'u',
    );
    expect(files).toMatchObject({ message: { content: 'see\n@"a b.txt"\n@c.txt' } });
    const image = toUserLine(
      [
        { type: 'text', text: 'see' },
        { type: 'image', mediaType: 'image/png', data: 'QUJD' },
      ],
      'u',
    );
    expect(image).toMatchObject({
      message: {
        content: [
          { type: 'text', text: 'see' },
          { type: 'image', source: { media_type: 'image/png', data: 'QUJD' } },
        ],
      },
    });
  });
});
