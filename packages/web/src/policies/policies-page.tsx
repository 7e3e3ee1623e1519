import { isAppError, type PoliciesView, type PolicyRule } from '@baton/protocol';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { usePageTitle } from '../frame/page-title.ts';
import { QueryProvider } from '../live/query-provider.tsx';
import { useStore } from '../live/use-store.ts';
import { toFailureWords } from '../session/failure-words.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { announce } from '../ui/live-region.tsx';
import { SpinnerAfter } from '../ui/spinner-after.tsx';
import { RuleDialog } from './rule-dialog.tsx';
import { RuleList } from './rule-list.tsx';
import { createRuleId, placeRule, putRule } from './rule-order.ts';
import { Simulation } from './simulation.tsx';
import { unsavedStore, type UnsavedRules } from './unsaved-rules.ts';
import { usePolicies, usePutPolicies } from './use-policies.ts';

/** The rules that answer approvals: in order, in plain words, and tried before they are saved. */
export function PoliciesPage() {
  usePageTitle('Policies');
  return (
    <QueryProvider>
      <div className="scroll-thin h-full overflow-y-auto">
        <div className="mx-auto max-w-200 px-4 pt-4 pb-12 wide:px-6">
          <h1 className="mb-1 hidden h-8 items-center text-md font-semibold wide:flex">Policies</h1>
          <LoadedRules />
        </div>
      </div>
    </QueryProvider>
  );
}

function LoadedRules() {
  const { data, error } = usePolicies();
  if (data !== undefined) return <Rules saved={data} />;
  if (error === null) return <SpinnerAfter what="Loading the rules" />;
  return (
    <p role="alert" className="text-failed">
      {error.message}
    </p>
  );
}

function Rules({ saved }: { saved: PoliciesView }) {
  const draft = useStore(unsavedStore);
  const rules = draft?.rules ?? saved.rules;
  const isChanged = draft !== undefined && JSON.stringify(draft.rules) !== JSON.stringify(saved.rules);
  const change = (changed: readonly PolicyRule[]) =>
    unsavedStore.set({ rules: changed, revision: draft?.revision ?? saved.revision });
  const [editing, setEditing] = useState<{ rule: PolicyRule; fresh: boolean }>();
  // An empty one matches everything: pressed on by accident it must not let everything run.
  const add = () => setEditing({ rule: { id: createRuleId(), effect: 'ask', match: {} }, fresh: true });
  return (
    <>
      <div className="mb-4 flex flex-wrap items-start gap-3">
        <p className="min-w-[min(100%,15rem)] flex-1 text-base text-ink-2">
          The first rule that matches answers for you; where none does, you are asked. An allowed action runs without a
          word, so keep rules narrow.
        </p>
        <Button icon={<Plus size={16} strokeWidth={2} />} onClick={add}>
          Add a rule
        </Button>
      </div>
      {rules.length === 0 ? (
        <Empty
          title="No rules: you are asked about everything"
          hint="Add one here, or choose “Make this a rule” when an agent asks for something."
          className="rounded-lg border border-line bg-surface"
        />
      ) : (
        <RuleList rules={rules} onChange={change} onEdit={(rule) => setEditing({ rule, fresh: false })} />
      )}
      {isChanged && <SaveBar draft={draft} saved={saved} />}
      <section aria-label="Trial" className="mt-6">
        <h2 className="mb-1 text-sm font-semibold">
          {isChanged ? 'What the changed rules would have done' : 'What these rules would have done'}
        </h2>
        <div className="rounded-lg border border-line bg-surface p-4">
          <Simulation rules={rules} />
        </div>
      </section>
      {editing !== undefined && (
        <RuleDialog
          title={editing.fresh ? 'Add a rule' : 'Edit this rule'}
          verb={editing.fresh ? 'Add this rule' : 'Keep these changes'}
          rule={editing.rule}
          onClose={() => setEditing(undefined)}
          onSave={(rule) => {
            change(editing.fresh ? placeRule(rules, rule) : putRule(rules, rule));
            setEditing(undefined);
          }}
        />
      )}
    </>
  );
}

function SaveBar({ draft, saved }: { draft: UnsavedRules; saved: PoliciesView }) {
  const put = usePutPolicies();
  const [state, setState] = useState<{ busy: boolean; problem?: string }>({ busy: false });
  const isOvertaken = draft.revision !== saved.revision;
  const save = async () => {
    setState({ busy: true });
    try {
      await put(draft.rules, saved.revision);
      unsavedStore.set(undefined);
      announce('Rules saved');
    } catch (error) {
      // Who was overtaken at this very moment is told by the rules in force now.
      const isConflict = isAppError(error) && error.kind === 'conflict';
      setState({ busy: false, ...(isConflict ? {} : { problem: toFailureWords(error, 'The rules were not saved') }) });
    }
  };
  return (
    <div
      role="region"
      aria-label="Unsaved rules"
      className="sticky bottom-3 z-10 mt-3 flex flex-wrap items-center gap-2 rounded-lg border border-accent-line bg-raised px-3 py-2.5 shadow-float"
    >
      <p className="min-w-full flex-1 text-base wide:min-w-40">
        <SaveWords problem={state.problem} overtaken={isOvertaken ? saved.rules.length : undefined} />
      </p>
      <Button onClick={() => unsavedStore.set(undefined)}>{isOvertaken ? 'Show theirs' : 'Discard changes'}</Button>
      <Button variant="primary" disabled={state.busy} onClick={() => void save()}>
        {isOvertaken ? 'Replace theirs with mine' : 'Save rules'}
      </Button>
    </div>
  );
}

function SaveWords({ problem, overtaken }: { problem: string | undefined; overtaken: number | undefined }) {
  if (problem !== undefined) {
    return (
      <span role="alert" className="text-failed">
        {problem}
      </span>
    );
  }
  if (overtaken === undefined) return 'These changes are not in force yet.';
  return (
    <span role="alert">
      <strong className="font-medium text-waiting">The rules were changed elsewhere meanwhile.</strong>{' '}
      {overtaken === 1 ? '1 rule is' : `${overtaken} rules are`} in force now; yours are not saved.
    </span>
  );
}
