import type { ApprovalView, PolicyRule, SessionView } from '@baton/protocol';
import { useState } from 'react';
import { QueryProvider } from '../live/query-provider.tsx';
import { useApi } from '../live/baton-provider.tsx';
import { toFailureWords } from '../session/failure-words.ts';
import { showToast } from '../ui/toast.tsx';
import { toNarrowRule } from './narrow-rule.ts';
import { RuleDialog } from './rule-dialog.tsx';
import { createRuleId, placeRule } from './rule-order.ts';
import { EffectIcon } from './rule-sentence.tsx';
import { VERDICTS } from './simulation-words.ts';
import { usePutPolicies, useSimulation, type SimulatedAction } from './use-policies.ts';

export interface MakeRuleDialogProps {
  approval: ApprovalView;
  session: SessionView;
  onClose(): void;
}

/** A rule made of what an agent asks: as narrow as it can be, and tried on this very request before it is saved. */
export function MakeRuleDialog(props: MakeRuleDialogProps) {
  return (
    <QueryProvider>
      <MakeRule {...props} />
    </QueryProvider>
  );
}

function MakeRule({ approval, session, onClose }: MakeRuleDialogProps) {
  const api = useApi();
  const put = usePutPolicies();
  const [rule] = useState(() => ({ id: createRuleId(), ...toNarrowRule(approval, session) }));
  const [state, setState] = useState<{ busy: boolean; problem?: string }>({ busy: false });
  const save = async (made: PolicyRule) => {
    setState({ busy: true });
    try {
      // The rules may have changed elsewhere: what is there now gets one more.
      const { rules, revision } = await api.call('getPolicies');
      await put(placeRule(rules, made), revision);
      onClose();
      showToast({ title: 'Rule saved', description: 'It answers what is asked from now on.' });
    } catch (error) {
      setState({ busy: false, problem: toFailureWords(error, 'The rule was not saved') });
    }
  };
  const action = { ...approval.action, backend: session.backend, cwd: session.cwd };
  const risk = approval.risk === undefined ? {} : { risk: approval.risk.level };
  return (
    <RuleDialog
      title="Make this a rule"
      verb="Save this rule"
      rule={rule}
      busy={state.busy}
      problem={state.problem}
      onSave={(made) => void save(made)}
      onClose={onClose}
    >
      {(made) => <Trial rule={made} action={{ ...action, ...risk }} />}
    </RuleDialog>
  );
}

function Trial({ rule, action }: { rule: PolicyRule; action: SimulatedAction }) {
  const { data } = useSimulation([rule], action);
  const verdict = data?.[0];
  if (verdict === undefined) return null;
  const isIdle = verdict.ruleId === undefined && rule.effect !== 'ask';
  return (
    <div role="status" className="flex gap-2 text-sm text-ink-2">
      <EffectIcon effect={verdict.effect} />
      <p className="leading-5">
        {isIdle ? 'This rule does not decide this request.' : `A request like this one ${VERDICTS[verdict.effect]}.`}
        {isIdle && rule.effect === 'allow' && rule.match.command !== undefined && (
          <>
            {' '}
            A command that redirects into a file, or holds what only the shell can tell, is never allowed by its words.
          </>
        )}{' '}
        This one still waits for your answer.
      </p>
    </div>
  );
}
