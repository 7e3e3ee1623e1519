import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './scripts/test/longest-first.ts';

// What an agent or a server would otherwise pick up from the person who runs the tests: keys, addresses, settings.
const PERSONAL = /^(BATON|ANTHROPIC|OPENAI|CLAUDE|AWS|GEMINI|GOOGLE|COPILOT|QWEN|KIMI|CODEX)(_|$)/;
for (const name of Object.keys(process.env)) {
  if (PERSONAL.test(name)) Reflect.deleteProperty(process.env, name);
}

export default defineConfig({
  test: {
    include: ['packages/*/{src,test}/**/*.test.{ts,tsx}', 'e2e/**/*.test.ts', '{scripts,bench}/**/*.test.ts'],
    // Processes, sockets and files are real in these tests: a fork each. They wait for agents about a third of their time.
    pool: 'forks',
    maxWorkers: Math.min(12, Math.ceil(availableParallelism() * 1.5)),
    globalSetup: 'scripts/test/own-temporary-folder.ts',
    sequence: { sequencer: LongestFirst },
    // None of these is a promise: they end what hangs, on a machine that may be many times slower than the one it was written on.
    testTimeout: 180_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    env: { NO_COLOR: '1', TZ: 'UTC' },
  },
});
