import type { PolicyRule } from '@baton/protocol';
import { useState, type ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { DialogFoot } from '../ui/dialog-foot.tsx';
import { readRuleDraft, toRuleDraft, type DraftRead } from './rule-draft.ts';
import { RuleFields } from './rule-fields.tsx';
import { EffectIcon, RuleSentence } from './rule-sentence.tsx';

export interface RuleDialogProps {
  title: string;
  /** What the button says, such as "Add this rule". */
  verb: string;
  rule: PolicyRule;
  busy?: boolean;
  problem?: string | undefined;
  /** Stands under the form: what the rule would do. */
  children?: (rule: PolicyRule) => ReactNode;
  onSave(rule: PolicyRule): void;
  onClose(): void;
}

/** One rule, with the sentence it makes always in sight. */
export function RuleDialog({ title, verb, rule, busy = false, problem, children, onSave, onClose }: RuleDialogProps) {
  const [draft, setDraft] = useState(() => toRuleDraft(rule));
  const read = readRuleDraft(draft);
  const wrong = problem ?? toProblem(read);
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={title}
      footer={
        <DialogFoot onCancel={onClose} problem={wrong}>
          <Button variant="primary" disabled={busy || !read.ok} onClick={() => read.ok && onSave(read.rule)}>
            {verb}
          </Button>
        </DialogFoot>
      }
    >
      <div className="flex flex-col gap-4 px-4 pb-4">
        {read.ok && (
          <p className="flex gap-2 rounded-md border border-line bg-surface px-3 py-2 text-base" role="status">
            <EffectIcon effect={read.rule.effect} />
            <RuleSentence rule={read.rule} />
          </p>
        )}
        <RuleFields draft={draft} onChange={setDraft} />
        {read.ok && children?.(read.rule)}
      </div>
    </Dialog>
  );
}

function toProblem(read: DraftRead): string | undefined {
  return read.ok ? undefined : read.problem;
}
