import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CLAUDE, OLDER_CLAUDE } from '../harness/agents/claude.ts';
import { OPENAI_WORKER, WORKER } from '../harness/agents/worker.ts';
import { toBehaviourTable } from './behaviour-table.ts';

const DOCUMENT = join(import.meta.dirname, '..', '..', 'docs', 'agent-behaviours.md');

test('the table in the docs says what the tests prove', async () => {
  const table = toBehaviourTable([CLAUDE, OLDER_CLAUDE, WORKER, OPENAI_WORKER]);
  await expect(table).toMatchFileSnapshot(DOCUMENT);
});
