import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AgentUnderTest, isInstalled } from '../harness/agents/agent-under-test.ts';
import { ASKING } from './asking.ts';
import { BEHAVIOURS, type BehaviourId } from './behaviour.ts';
import { BRANCHING } from './branching.ts';
import { FAILING } from './failing.ts';
import { INSTALLING } from './installing.ts';
import { openStage, type Stage } from './stage.ts';
import { STEERING } from './steering.ts';
import { SURVIVING } from './surviving.ts';
import { TALKING } from './talking.ts';

/** Complete by type: a behaviour without its act does not compile. */
const ACTS: Record<BehaviourId, (stage: Stage) => Promise<void>> = {
  ...TALKING,
  ...ASKING,
  ...STEERING,
  ...BRANCHING,
  ...SURVIVING,
  ...FAILING,
  ...INSTALLING,
};

/** Runs every behaviour with one real agent, through the whole server, over the wire. What it lacks is in the docs' table. */
export function describeBehaviours(agent: AgentUnderTest): void {
  const ids = Object.keys(ACTS).filter((id): id is BehaviourId => id in BEHAVIOURS);
  const cases = ids.filter((id) => agent.lacks[id] === undefined).map((id) => ({ id, what: BEHAVIOURS[id] }));

  describe.each([agent])('$name', () => {
    let stage: Stage;
    beforeAll(async () => {
      expect(isInstalled(agent), 'npm test installs the agents; run it once').toBe(true);
      stage = await openStage(agent);
    });
    afterAll(() => stage?.close());

    test.each(cases)('$id: $what', async ({ id }) => {
      await ACTS[id](stage);
      expect(stage.baton.output()).not.toContain('Broken invariant');
    });
  });
}
