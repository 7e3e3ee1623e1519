import type { Engine } from '@baton/core';
import type { ApprovalOption, ApprovalRequest, PolicyRule } from '@baton/protocol';
import type { Verdict } from './match/decide-policy.ts';

/** Answers an approval in the name of a rule, where the agent offers exactly what the rule says: this once, yes or no. */
export async function answerByPolicy(
  engine: Engine,
  request: ApprovalRequest,
  { verdict, rule }: { verdict: Verdict; rule: PolicyRule | undefined },
): Promise<void> {
  const option = chooseOption(request.options, verdict.effect);
  if (option === undefined || rule === undefined) return;
  const note = option.takesNote === true ? rule.note : undefined;
  const { approvalId } = request;
  await engine.execute(
    { type: 'approval.answer', approvalId, option: option.id, ...(note === undefined ? {} : { note }) },
    {
      commandId: `policy_${approvalId}`,
      actor: { id: `policy:${rule.id}`, name: `Rule "${rule.id}"`, via: 'policy' },
    },
  );
}

// Where several options allow, choosing among them is a decision of its own: a person's.
function chooseOption(options: readonly ApprovalOption[], effect: Verdict['effect']): ApprovalOption | undefined {
  if (effect === 'ask') return undefined;
  const kind = effect === 'allow' ? 'allow-once' : 'deny-once';
  const offered = options.filter((option) => option.kind === kind);
  return offered.length === 1 ? offered[0] : undefined;
}
