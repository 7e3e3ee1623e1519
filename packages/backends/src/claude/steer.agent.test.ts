import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Rehearsal, parseScenario, startRehearsal } from '@baton/rehearsal';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type OpenClaude, type Place, VERSIONS, createPlace, openClaude } from './__fixtures__/open-claude.ts';
import { lastConversation } from './__fixtures__/read-conversation.ts';

// The command runs until a file tells it to go on, so that what is added surely comes in its middle.
const SCENARIO = `
title: Something to add to
turns:
  - when: wait for me
    steps:
      - call: { tool: run, input: { command: "touch begun.txt; until [ -e go.txt ]; do sleep 0.05; done", description: Wait } }
      - say: It is over.
  - when: tell a story
    steps: [{ say: { text: "and then ", repeat: 100, pace: 20 } }]
  - steps: [{ say: "You said: {{prompt}}" }]
`;

let rehearsal: Rehearsal;
let place: Place;
let claude: OpenClaude | undefined;

beforeAll(async () => {
  rehearsal = await startRehearsal({ scenario: parseScenario(SCENARIO, { name: 'steer' }) });
});
afterAll(() => rehearsal.close());
beforeEach(async () => {
  place = await createPlace();
});
afterEach(async () => {
  await claude?.session.stop();
  await place.remove();
});

function open(program: string): OpenClaude {
  claude = openClaude({ place, program, rehearsal });
  return claude;
}

const text = (value: string) => [{ type: 'text' as const, text: value }];

async function startCommand(agent: OpenClaude): Promise<void> {
  const { approvalId } = await agent.nth('approval.requested');
  await agent.session.answerApproval?.({ approvalId, option: 'allow' });
  while (!existsSync(join(place.cwd, 'begun.txt'))) await new Promise((resolve) => setImmediate(resolve));
}

describe.each(VERSIONS)('Claude Code $version', ({ program }) => {
  test('reads what is added while a command runs at its next step, in the same turn', async () => {
    const agent = open(program);
    const turn = agent.run('Please wait for me');
    await startCommand(agent);
    await agent.session.steer?.(text('Look at the blue one'));
    await writeFile(join(place.cwd, 'go.txt'), '');
    expect(await turn).toMatchObject({ outcome: 'completed' });
    expect(lastConversation(rehearsal)).toContain('Look at the blue one');
    const ended = agent.of('turn.ended').length;
    // The next turn shows that nothing of it was left over.
    await agent.run('and now');
    expect(agent.of('turn.ended').length).toBe(ended + 1);
    expect(agent.of('turn.started')).toEqual([]);
  });

  test('reads what is added while it writes its last words, before the turn ends', async () => {
    const agent = open(program);
    const turn = agent.run('Please tell a story');
    await agent.nth('item.delta', 3);
    await agent.session.steer?.(text('One more thing'));
    const ended = await turn;
    expect(ended).toMatchObject({ outcome: 'completed', usage: { outputTokens: expect.any(Number) } });
    expect(agent.of('item.ended').at(-1)?.item).toMatchObject({ text: 'You said: One more thing' });
    expect(agent.of('turn.ended').length).toBe(1);
    expect(agent.of('turn.started')).toEqual([]);
  });

  test('says that what was added was not read when the turn is interrupted', async () => {
    const agent = open(program);
    const turn = agent.run('Please wait for me');
    await startCommand(agent);
    await agent.session.steer?.(text('Never mind'));
    await agent.session.interrupt?.();
    expect(await turn).toMatchObject({ outcome: 'interrupted' });
    expect(agent.of('notice.raised').map((notice) => notice.text)).toEqual([expect.stringContaining('did not read')]);
    expect(await agent.run('and now')).toMatchObject({ outcome: 'completed' });
    expect(lastConversation(rehearsal)).not.toContain('Never mind');
    expect(agent.of('turn.started')).toEqual([]);
  });

  test('refuses what comes after the turn', async () => {
    const agent = open(program);
    await agent.run('hello');
    await expect(agent.session.steer?.(text('late'))).rejects.toMatchObject({ kind: 'turn-not-running' });
  });
});
