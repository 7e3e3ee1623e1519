import type { Scenario } from '@baton/rehearsal';

type Step = Scenario['turns'][number]['steps'][number];

/** The scenario with this in the input of each of its commands. */
export function withRunInput(scenario: Scenario, input: Readonly<Record<string, unknown>>): Scenario {
  return { ...scenario, turns: scenario.turns.map((turn) => ({ ...turn, steps: toSteps(turn.steps, input) })) };
}

function toSteps(steps: readonly Step[], input: Readonly<Record<string, unknown>>): Step[] {
  return steps.map((step) => {
    if (step.verb === 'loop') return { ...step, value: { ...step.value, steps: toSteps(step.value.steps, input) } };
    if (step.verb !== 'call') return step;
    const calls = step.value.map((call) =>
      call.tool === 'run' ? { ...call, input: { ...call.input, ...input } } : call,
    );
    return { ...step, value: calls };
  });
}
