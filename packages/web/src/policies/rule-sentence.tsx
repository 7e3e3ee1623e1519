import type { PolicyRule } from '@baton/protocol';
import { Ban, Check, CircleHelp } from 'lucide-react';
import { cx } from '../ui/cx.ts';
import { toRuleWords } from './rule-words.ts';

const ICON = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const;
const ICONS: Record<PolicyRule['effect'], React.ReactNode> = {
  allow: <Check {...ICON} className="text-accent" />,
  ask: <CircleHelp {...ICON} className="text-waiting" />,
  deny: <Ban {...ICON} className="text-failed" />,
};

/** What a rule does, at a glance; the word beside it says the same. */
export function EffectIcon({ effect }: { effect: PolicyRule['effect'] }) {
  return <span className="flex h-5 shrink-0 items-center">{ICONS[effect]}</span>;
}

/** A rule in plain words. */
export function RuleSentence({ rule, className }: { rule: Pick<PolicyRule, 'effect' | 'match'>; className?: string }) {
  return (
    <span className={cx('min-w-0 leading-5 wrap-anywhere', className)}>
      {toRuleWords(rule).map(({ text, code }, index) => (
        <span key={index}>
          {index > 0 && ' '}
          {code ? (
            <code className="rounded-xs border border-line bg-sunken px-1 py-px text-[0.9em]">{text}</code>
          ) : (
            <span className={index === 0 ? 'font-medium' : 'text-ink-2'}>{text}</span>
          )}
        </span>
      ))}
    </span>
  );
}
