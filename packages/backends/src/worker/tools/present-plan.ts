import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { said } from './tool.ts';

export const PLAN_TOOL = 'present_plan';

/** Its approval is what ends plan mode, so the call itself has nothing left to do. */
export const presentPlanTool = defineTool({
  name: PLAN_TOOL,
  description: 'Presents the plan to the user, in Markdown. If the user accepts it, plan mode ends and you begin.',
  kind: 'think',
  isOffered: (mode) => mode === 'plan',
  input: z.object({ plan: z.string().min(1) }),
  prepare: () => ({
    title: 'Present the plan',
    need: { type: 'plan' },
    locations: [],
    run: () => Promise.resolve(said('The user accepted the plan. Plan mode is over: begin.')),
  }),
});
