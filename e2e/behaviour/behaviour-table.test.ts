import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AGENT_SDK } from '../harness/agents/agent-sdk.ts';
import { CLAUDE_ACP } from '../harness/agents/claude-acp.ts';
import { CLAUDE, OLDER_CLAUDE } from '../harness/agents/claude.ts';
import { CODEX_ACP } from '../harness/agents/codex-acp.ts';
import { CODEX } from '../harness/agents/codex.ts';
import { COPILOT } from '../harness/agents/copilot.ts';
import { GEMINI } from '../harness/agents/gemini.ts';
import { KIMI } from '../harness/agents/kimi.ts';
import { OPENCODE_ACP } from '../harness/agents/opencode-acp.ts';
import { OPENCODE } from '../harness/agents/opencode.ts';
import { QWEN } from '../harness/agents/qwen.ts';
import { OPENAI_WORKER, WORKER } from '../harness/agents/worker.ts';
import { toBehaviourTable } from './behaviour-table.ts';

const DOCUMENT = join(import.meta.dirname, '..', '..', 'docs', 'agent-behaviours.md');

test('the table in the docs says what the tests prove', async () => {
  const table = toBehaviourTable([
    ...[CLAUDE, OLDER_CLAUDE, AGENT_SDK, CLAUDE_ACP, CODEX, CODEX_ACP],
    ...[GEMINI, COPILOT, KIMI, OPENCODE, OPENCODE_ACP, QWEN],
    ...[WORKER, OPENAI_WORKER],
  ]);
  await expect(table).toMatchFileSnapshot(DOCUMENT);
});
