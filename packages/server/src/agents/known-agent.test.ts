import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson } from '@baton/protocol';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { KNOWN_AGENTS } from './known-agent.ts';

const LOCK = join(import.meta.dirname, '..', '..', '..', '..', 'test-agents', 'package-lock.json');
const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ name: z.string().optional(), version: z.string().optional() })),
});

const tested = KNOWN_AGENTS.flatMap(({ id, npm }) => (npm?.tested === undefined ? [] : [{ id, ...npm }]));

test.each(tested)('$id is installed in the version that the tests run with', ({ package: name, tested: version }) => {
  const text = parseJson(readFileSync(LOCK, 'utf8'));
  const { packages } = lockSchema.parse(text.ok ? text.value : undefined);
  // One that is installed under another name keeps its own beside it.
  const installed = Object.entries(packages).filter(([path, each]) => (each.name ?? path).endsWith(name));
  expect(installed.map(([, each]) => each.version)).toContain(version);
});
