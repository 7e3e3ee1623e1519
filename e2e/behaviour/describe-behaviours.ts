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

/**
 * Complete by type: a behaviour without its act does not compile. In the order in which they are played: most share one
 * conversation, and each leaves it so that the next can go on (what is always allowed comes after what has to be asked, prompts
 * that get no answer after those that are echoed), and the server dies last.
 */
const ACTS: Record<BehaviourId, (stage: Stage) => Promise<void>> = {
  ...TALKING,
  ...STEERING,
  ...ASKING,
  ...BRANCHING,
  ...FAILING,
  ...SURVIVING,
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

    const play = async (id: BehaviourId, on: Stage): Promise<string> => {
      await ACTS[id](on);
      return stage.output();
    };
    const isLong = ({ id }: { id: BehaviourId }) => agent.waits?.includes(id) === true;
    test.concurrent.each(cases.filter(isLong))('$id: $what', async ({ id }) => {
      expect(await play(id, { ...stage, play: stage.playBeside })).not.toContain('Broken invariant');
    });
    test.each(cases.filter((each) => !isLong(each)))('$id: $what', async ({ id }) => {
      expect(await play(id, stage)).not.toContain('Broken invariant');
    });
  });
}
