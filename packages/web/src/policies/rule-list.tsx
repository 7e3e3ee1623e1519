import type { PolicyRule } from '@baton/protocol';
import { ArrowDown, ArrowUp, PenLine, Trash2 } from 'lucide-react';
import { IconButton } from '../ui/icon-button.tsx';
import { moveRule } from './rule-order.ts';
import { EffectIcon, RuleSentence } from './rule-sentence.tsx';

export interface RuleListProps {
  rules: readonly PolicyRule[];
  onChange(rules: readonly PolicyRule[]): void;
  onEdit(rule: PolicyRule): void;
}

const ICON = { size: 16, strokeWidth: 1.75 };

/** Rules in the order in which they are asked, each a sentence. */
export function RuleList({ rules, onChange, onEdit }: RuleListProps) {
  return (
    <ol aria-label="Rules" className="flex flex-col divide-y divide-line rounded-lg border border-line bg-surface">
      {rules.map((rule, index) => {
        const name = `rule ${index + 1}`;
        return (
          <li key={rule.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2.5">
            <div className="flex min-w-[min(100%,15rem)] flex-1 items-start gap-2.5 text-base">
              <span className="tabular w-4 shrink-0 text-right text-xs leading-5 text-ink-3">{index + 1}</span>
              <EffectIcon effect={rule.effect} />
              <span className="min-w-0">
                <RuleSentence rule={rule} />
                {rule.note !== undefined && (
                  <span className="mt-0.5 block text-sm text-ink-3">Tells the agent: {rule.note}</span>
                )}
              </span>
            </div>
            <div className="ml-auto flex gap-0.5 coarse:gap-1">
              <IconButton
                label={`Move ${name} up`}
                icon={<ArrowUp {...ICON} />}
                disabled={index === 0}
                onClick={() => onChange(moveRule(rules, rule.id, -1))}
              />
              <IconButton
                label={`Move ${name} down`}
                icon={<ArrowDown {...ICON} />}
                disabled={index === rules.length - 1}
                onClick={() => onChange(moveRule(rules, rule.id, 1))}
              />
              <IconButton label={`Edit ${name}`} icon={<PenLine {...ICON} />} onClick={() => onEdit(rule)} />
              <IconButton
                label={`Remove ${name}`}
                icon={<Trash2 {...ICON} />}
                onClick={() => onChange(rules.filter(({ id }) => id !== rule.id))}
              />
            </div>
          </li>
        );
      })}
    </ol>
  );
}
