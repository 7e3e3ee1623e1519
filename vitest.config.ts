import { defineConfig } from 'vitest/config';
import { LongestFirst } from './scripts/test/longest-first.ts';

// What an agent or a server would otherwise pick up from the person who runs the tests: keys, addresses, settings.
const PERSONAL = /^(BATON|ANTHROPIC|OPENAI|CLAUDE|AWS|GEMINI|GOOGLE)(_|$)/;
for (const name of Object.keys(process.env)) {
  if (PERSONAL.test(name)) Reflect.deleteProperty(process.env, name);
}

export default defineConfig({
  test: {
    include: ['packages/*/{src,test}/**/*.test.{ts,tsx}', 'e2e/**/*.test.ts', '{scripts,bench}/**/*.test.ts'],
    // Processes, sockets and files are real in these tests: a fork each, no more of them than cores.
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    env: { NO_COLOR: '1', TZ: 'UTC' },
  },
});
