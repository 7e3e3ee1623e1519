import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type FoundSession, foundSessionSchema, sessionViewSchema } from '@baton/protocol';
import { parseScenario, type Rehearsal, startRehearsal } from '@baton/rehearsal';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { CLAUDE } from './harness/agents/claude.ts';
import { CODEX } from './harness/agents/codex.ts';
import { GEMINI } from './harness/agents/gemini.ts';
import { OPENCODE } from './harness/agents/opencode.ts';
import type { AgentUnderTest } from './harness/agents/agent-under-test.ts';
import { type BatonProcess, startBaton, temporaryFolder } from './harness/baton-process.ts';
import { type Drive, take } from './harness/drive.ts';
import { eventually } from './harness/eventually.ts';
import type { Peer } from './harness/peer.ts';
import { lastHeard } from './behaviour/stage.ts';

// One conversation in a terminal, then in Baton, then in the terminal again: the real programs, alone and driven, on one home.

interface InTerminal {
  agent: AgentUnderTest;
  /** What a person types to say something, in a new conversation or in the one of this id. */
  say(prompt: string, nativeId?: string): string[];
  /** What a person keeps in their home for it. */
  settle?(home: string, rehearsal: Rehearsal): void;
  /** Whether the agent can branch a conversation. */
  forks: boolean;
  /** Makes what it has stored a minute older, where that matters to it. */
  age?(home: string): void;
}

const AGENTS: readonly InTerminal[] = [
  {
    agent: CLAUDE,
    say: (prompt, id) => ['-p', ...(id === undefined ? [] : ['--resume', id]), prompt],
    forks: true,
  },
  {
    agent: CODEX,
    say: (prompt, id) => ['exec', ...(id === undefined ? [] : ['resume', id]), '--skip-git-repo-check', prompt],
    settle: writeCodexSettings,
    forks: true,
  },
  {
    agent: GEMINI,
    say: (prompt, id) => [...(id === undefined ? [] : ['--resume', id]), '-p', prompt],
    settle: writeGeminiSettings,
    forks: false,
    age: ageGeminiFiles,
  },
  {
    agent: OPENCODE,
    say: (prompt, id) => ['run', ...(id === undefined ? [] : ['--session', id]), prompt],
    forks: true,
  },
];

function writeCodexSettings(home: string, { url }: Rehearsal): void {
  mkdirSync(join(home, '.codex'), { recursive: true });
  const lines = [
    'model_provider = "rehearsal"',
    '[model_providers.rehearsal]',
    'name = "Rehearsal"',
    `base_url = "${url}/v1"`,
    'wire_api = "responses"',
    'env_key = "OPENAI_API_KEY"',
  ];
  writeFileSync(join(home, '.codex', 'config.toml'), `${lines.join('\n')}\n`);
}

function writeGeminiSettings(home: string): void {
  mkdirSync(join(home, '.gemini'));
  const security = { auth: { selectedType: 'gemini-api-key' } };
  writeFileSync(join(home, '.gemini', 'settings.json'), JSON.stringify({ security }));
}

// In the minute after which a file is named Gemini CLI itself loses what it holds when it finds the conversation again.
function ageGeminiFiles(home: string): void {
  const folder = join(home, '.gemini', 'tmp', 'garden', 'chats');
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.jsonl'))) {
    const [, day = '', hour = '', minute = '', rest = ''] = /^session-(.{10})T(..)-(..)-(.*)$/.exec(name) ?? [];
    const earlier = new Date(Date.parse(`${day}T${hour}:${minute}Z`) - 60_000).toISOString().slice(0, 16);
    renameSync(join(folder, name), join(folder, `session-${earlier.replace(':', '-')}-${rest}`));
  }
}

const foundPageSchema = z.object({ items: z.array(foundSessionSchema) });

// In a terminal it would ask.
const TRUSTED = { GEMINI_CLI_TRUST_WORKSPACE: 'true' };

const FLOWERS = /heliotrope|marigold|tulip|clover|dahlia/g;

const SCENARIO = parseScenario(
  `
title: Listens
turns:
  # Gemini CLI says what got no answer and what comes after it in one breath.
  - when: Water the tulip
    steps: [{ say: I heard it. }]
  - when: Dig for
    steps:
      - call: { tool: run, input: { command: "touch dug; seq 1 60 | while read i; do sleep 1; done", description: Dig } }
  - steps: [{ say: I heard it. }]
`,
  { name: 'listens' },
);

describe.each(AGENTS)('$agent.name', ({ agent, say, settle, forks, age }) => {
  const root = temporaryFolder('found');
  const cwd = join(root, 'garden');
  let rehearsal: Rehearsal;
  let baton: BatonProcess;
  let peer: Peer;
  let env: Record<string, string>;

  beforeAll(async () => {
    rehearsal = await startRehearsal({ scenario: SCENARIO });
    mkdirSync(cwd);
    settle?.(root, rehearsal);
    const { OPENAI_BASE_URL: _, GEMINI_CLI_HOME: __, ...rest } = agent.sessionEnv(rehearsal);
    env = rest;
  });
  afterAll(async () => {
    peer?.close();
    await baton?.kill('SIGTERM');
    await rehearsal?.close();
  });

  /** The real program, as a person runs it. */
  async function talk(prompt: string, nativeId?: string): Promise<void> {
    const own = { PATH: process.env['PATH'], HOME: root, LANG: 'C.UTF-8', IS_SANDBOX: '1', ...TRUSTED, ...env };
    const running = promisify(execFile)(agent.programs[0] ?? '', say(prompt, nativeId), { cwd, env: own });
    running.child.stdin?.end();
    await running;
  }

  const list = async () => foundPageSchema.parse((await baton.request('GET', '/history')).body).items;
  const resume = async ({ id }: FoundSession, fork: boolean) => {
    const { body } = await baton.request('POST', `/history/${id}/resume`, { fork });
    return take({ baton, peer }, sessionViewSchema.parse(body));
  };
  async function ask(session: Drive, prompt: string): Promise<void> {
    const { turnId } = await session.prompt(prompt);
    const { outcome, error } = await session.turnEnded(turnId);
    expect({ outcome, error }).toEqual({ outcome: 'completed' });
  }

  // Flowers stand for what was said: no agent speaks of them by itself.
  const heard = () => [...new Set(lastHeard(rehearsal).match(FLOWERS))];

  test('a conversation of the terminal is gone on with here under its own id, and there again', async () => {
    await talk('Remember the heliotrope');
    baton = await startBaton({ root, env: { ...agent.serverEnv, ...env } });
    peer = await baton.connect();
    const found = await eventually(async () => (await list()).find(({ live }) => !live), {
      what: () => baton.output(),
    });
    expect(found).toMatchObject({ cwd, turns: 1 });

    const session = await resume(found, false);
    await ask(session, 'Plant the marigold');
    expect(heard()).toEqual(['heliotrope', 'marigold']);
    expect(await session.view()).toMatchObject({ nativeId: found.nativeId, cwd });
    expect(await list()).toEqual([]);
    expect((await resume(found, false)).id).toBe(session.id);
    await session.run({ type: 'session.stop' });

    await talk('Water the tulip', found.nativeId);
    expect(heard()).toEqual(['heliotrope', 'marigold', 'tulip']);

    const told = await session.peer.event(session.id, 'turn.started', ({ input }) =>
      JSON.stringify(input).includes('tulip'),
    );
    expect(told.by).toBe('user');
    await ask(session, 'Mow the clover');
    expect(heard()).toEqual(['heliotrope', 'marigold', 'tulip', 'clover']);
    await session.run({ type: 'session.stop' });
  });

  test('a fork of it here leaves it as it was there, where the agent can fork', async () => {
    await talk('Remember the heliotrope');
    const found = await eventually(async () => (await list()).find(({ live }) => !live), {
      what: () => baton.output(),
    });
    if (!forks) {
      const refused = await baton.request('POST', `/history/${found.id}/resume`, { fork: true });
      expect(refused).toMatchObject({ status: 422, body: { kind: 'capability-missing' } });
      return;
    }
    const fork = await resume(found, true);
    await ask(fork, 'Dig up the dahlia');
    expect(heard()).toEqual(['heliotrope', 'dahlia']);
    expect((await fork.view()).nativeId).not.toBe(found.nativeId);
    await fork.run({ type: 'session.stop' });
    await talk('Water the tulip', found.nativeId);
    expect(heard()).toEqual(['heliotrope', 'tulip']);
    expect(await list()).toMatchObject([{ id: found.id }]);
  });

  test('what is said there while Baton is dead, killed in the middle of a tool, is told at its next start', async () => {
    const created = await peer.command({ type: 'session.create', backend: agent.backend, cwd, env: {} });
    const session = take({ baton, peer }, sessionViewSchema.parse(created));
    await ask(session, 'Plant the marigold');
    const { turnId } = await session.prompt('Dig for the heliotrope');
    await session.answer('allow-once');
    await eventually(() => existsSync(join(cwd, 'dug')) || undefined, { what: () => session.said() });
    const { nativeId } = await session.view();
    await baton.killAll();
    age?.(root);
    await talk('Water the tulip', nativeId);

    baton = await startBaton({ root, dataDir: baton.dataDir, env: { ...agent.serverEnv, ...env } });
    peer = await baton.connect();
    const again = take({ baton, peer }, session);
    expect(await again.turnEnded(turnId)).toMatchObject({ outcome: 'failed', error: { kind: 'server-restarted' } });
    await peer.event(session.id, 'turn.started', ({ input }) => JSON.stringify(input).includes('tulip'));
    await ask(again, 'Mow the clover');
    expect(heard()).toEqual(['marigold', 'heliotrope', 'tulip', 'clover']);
    await again.run({ type: 'session.stop' });
  });
});
